namespace SemCache.Core.Indexing;

/// <summary>Slots that are not linked yet, oldest first. One writer, under the gate; readers take a view without it.</summary>
/// <remarks>A place that was written is never written again: when the room is used up, a new object takes over.</remarks>
internal sealed class PendingSlots(int[] slots, int tail)
{
    private const int SmallestRoom = 256;

    private int _head;
    private int _tail = tail;

    public static PendingSlots Empty => new([], 0);

    public int Count => View().Length;

    /// <summary>Bytes of memory.</summary>
    public long Bytes => (long)slots.Length * sizeof(int);

    /// <summary>The slots as they are now, valid for as long as anybody likes.</summary>
    public ReadOnlySpan<int> View()
    {
        int head = Volatile.Read(ref _head);
        return slots.AsSpan(head, Volatile.Read(ref _tail) - head);
    }

    /// <summary>Adds a slot.</summary>
    /// <returns>This, or the object that takes over.</returns>
    public PendingSlots With(int slot)
    {
        if (_tail < slots.Length)
        {
            slots[_tail] = slot;
            Volatile.Write(ref _tail, _tail + 1);
            return this;
        }

        int count = Count;
        int[] room = new int[Math.Max(SmallestRoom, count * 2)];
        View().CopyTo(room);
        room[count] = slot;
        return new PendingSlots(room, count + 1);
    }

    /// <summary>Lets go of the oldest.</summary>
    public void Skip(int count) => Volatile.Write(ref _head, _head + count);
}
