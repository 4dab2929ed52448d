using System.Buffers.Binary;
using SemCache.Core.Requests;

namespace SemCache.Core.Partitions;

/// <summary>
/// Makes ids of entries: UUIDs of version 7 that grow from one to the next, within a millisecond and when the clock is
/// set back too. An export is in the order of the ids, and that must be the order of the stores.
/// </summary>
/// <remarks><see cref="Next"/> is safe for concurrent use; <see cref="Follow"/> belongs to recovery. The 12 bits behind the milliseconds count; a full count borrows from the future.</remarks>
internal sealed class EntryIds
{
    private const int CounterBits = Uuid7.OwnBits;
    private const long CounterMask = (1 << CounterBits) - 1;

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

        return Uuid7.New(next >> CounterBits, next);
    }
}
