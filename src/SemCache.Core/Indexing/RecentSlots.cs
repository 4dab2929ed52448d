namespace SemCache.Core.Indexing;

/// <summary>The slots that were filled last, in order. One writer at a time, who holds the gate; readers take no lock.</summary>
internal sealed class RecentSlots
{
    /// <summary>Slots that are remembered.</summary>
    public const int Capacity = 1024;

    /// <summary>Bytes of memory that it takes.</summary>
    public const int Bytes = Capacity * sizeof(int);

    private readonly int[] _slots = new int[Capacity];
    private long _added;

    /// <summary>Slots that were filled since this began.</summary>
    public long Added => Volatile.Read(ref _added);

    /// <summary>Notes a slot whose row can be read. The gate is held.</summary>
    public void Add(int slot)
    {
        Volatile.Write(ref _slots[_added % Capacity], slot);
        Volatile.Write(ref _added, _added + 1);
    }

    /// <summary>The slots that were filled after a moment.</summary>
    /// <param name="added">What <see cref="Added"/> was at that moment.</param>
    /// <param name="slots">Receives them; of length <see cref="Capacity"/>.</param>
    /// <returns>How many there are; −1 when they are more than are remembered.</returns>
    public int Since(long added, Span<int> slots)
    {
        long until = Added;
        if (until - added > Capacity)
        {
            return -1;
        }

        int count = (int)(until - added);
        for (int i = 0; i < count; i++)
        {
            slots[i] = Volatile.Read(ref _slots[(added + i) % Capacity]);
        }

        // The writer may have come round, and is a slot ahead of its count while it writes.
        return Added + 1 - added > Capacity ? -1 : count;
    }
}
