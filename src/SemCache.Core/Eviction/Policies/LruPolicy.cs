using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>The least recently used goes.</summary>
/// <param name="sample">Some entry of the namespace by a random number; null when there is none.</param>
/// <param name="random">Where random numbers come from.</param>
internal sealed class LruPolicy(Func<uint, Entry?> sample, Random random) : SampledPolicy(sample, random)
{
    // Counts uses. Two at the same moment may get the same number: which of them came first nobody can tell.
    private long _clock;

    private readonly Lock _restoring = new();

    public override void Added(Entry entry) => Use(entry);

    public override void Restored(Entry entry)
    {
        lock (_restoring)
        {
            _clock = Math.Max(_clock, (long)entry.Rank);
        }
    }

    public override void Hit(Entry entry)
    {
        entry.Hits++;
        Use(entry);
    }

    private void Use(Entry entry)
    {
        long now = Volatile.Read(ref _clock) + 1;
        Volatile.Write(ref _clock, now);
        entry.Rank = now;
    }
}
