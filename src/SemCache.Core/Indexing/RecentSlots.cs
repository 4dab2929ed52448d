namespace SemCache.Core.Indexing;

/// <summary>
/// Counts the slots that are filled and, once somebody wants to know them, remembers the last. One writer at a time, who
/// holds the gate; readers take no lock.
/// </summary>
internal sealed class RecentSlots
{
    /// <summary>Slots that are remembered.</summary>
    public const int Capacity = 1024;

    private volatile int[]? _slots;
    private long _added;

    // What was added when remembering began.
    private long _begin = long.MaxValue;

    /// <summary>Slots that were filled since this was made.</summary>
    public long Added => Volatile.Read(ref _added);

    /// <summary>Bytes of memory that the slots take.</summary>
    public int Bytes => _slots is null ? 0 : Capacity * sizeof(int);

    /// <summary>Notes a slot whose row can be read. The gate is held.</summary>
    public void Add(int slot)
    {
        if (_slots is { } slots)
        {
            Volatile.Write(ref slots[_added % Capacity], slot);
        }

        Volatile.Write(ref _added, _added + 1);
    }

    /// <summary>Remembers slots from now on, if it does not yet. The gate is held.</summary>
    public void Remember()
    {
        if (_slots is null)
        {
            _slots = new int[Capacity];
            Volatile.Write(ref _begin, _added);
        }
    }

    /// <summary>Whether all slots that were filled after a moment are remembered, until they are too many.</summary>
    /// <param name="added">What <see cref="Added"/> was at that moment.</param>
    public bool Remembers(long added) => Volatile.Read(ref _begin) <= added;

    /// <summary>The slots that were filled after a moment that is remembered.</summary>
    /// <param name="added">What <see cref="Added"/> was at that moment.</param>
    /// <param name="slots">Receives them; of length <see cref="Capacity"/>.</param>
    /// <returns>How many there are; −1 when they are more than are remembered.</returns>
    public int Since(long added, Span<int> slots)
    {
        long until = Added;
        if (until - added > Capacity || _slots is not { } remembered)
        {
            return -1;
        }

        int count = (int)(until - added);
        for (int i = 0; i < count; i++)
        {
            slots[i] = Volatile.Read(ref remembered[(added + i) % Capacity]);
        }

        // The writer may have come round, and is a slot ahead of its count while it writes.
        return Added + 1 - added > Capacity ? -1 : count;
    }
}
