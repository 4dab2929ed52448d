using System.Buffers.Binary;

namespace SemCache.Core.Partitions;

/// <summary>
/// Makes ids of entries: UUIDs of version 7 that grow from one to the next, within a millisecond and when the clock is
/// set back too. An export is in the order of the ids, and that must be the order of the stores.
/// </summary>
/// <remarks><see cref="Next"/> is safe for concurrent use; <see cref="Follow"/> belongs to recovery. The 12 bits behind the milliseconds count; a full count borrows from the future.</remarks>
internal sealed class EntryIds
{
    private const int CounterBits = 12;
    private const long CounterMask = (1 << CounterBits) - 1;
    private const long Version = 0x7000;

    private long _last;

    /// <summary>What <see cref="FollowAll"/> makes ids go on from: none that was made by now is later.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Makes all later ids greater than those that were made before <see cref="Last"/> was read.</summary>
    public void FollowAll(long last) => Volatile.Write(ref _last, Math.Max(last, Last));

    /// <summary>Makes all later ids greater than one that exists, whatever the clock says.</summary>
    public void Follow(Guid existing)
    {
        Span<byte> bytes = stackalloc byte[16];
        existing.TryWriteBytes(bytes, bigEndian: true, out _);
        long head = BinaryPrimitives.ReadInt64BigEndian(bytes);
        long seen = ((head >>> 16) << CounterBits) | (head & CounterMask);
        if (seen > Volatile.Read(ref _last))
        {
            Volatile.Write(ref _last, seen);
        }
    }

    public Guid Next(DateTimeOffset now)
    {
        long last;
        long next;
        do
        {
            last = Volatile.Read(ref _last);
            next = Math.Max(now.ToUnixTimeMilliseconds() << CounterBits, last + 1);
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);

        // The second half, variant and randomness, is taken as it is made.
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (next >> CounterBits << 16) | Version | (next & CounterMask));
        return new Guid(bytes, bigEndian: true);
    }
}
