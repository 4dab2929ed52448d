namespace SemCache.Core.Indexing;

/// <summary>How many of the last comparisons came out well. Safe for concurrent use.</summary>
/// <param name="size">How many are looked back on.</param>
internal sealed class RecallWindow(int size)
{
    private readonly bool[] _found = new bool[size];
    private readonly Lock _gate = new();
    private long _count;
    private int _sum;

    /// <summary>The share, 0…1; null before the first.</summary>
    public double? Share
    {
        get
        {
            lock (_gate)
            {
                return _count == 0 ? null : (double)_sum / Math.Min(_count, size);
            }
        }
    }

    public void Add(bool found)
    {
        lock (_gate)
        {
            ref bool place = ref _found[_count % size];
            _sum += (found ? 1 : 0) - (place ? 1 : 0);
            place = found;
            _count++;
        }
    }
}
