using System.Collections.Concurrent;

namespace SemCache.Core.Storage;

/// <summary>
/// How many bytes of each segment are live: the records of present entries and of their vectors, and the latest definitions of
/// their partitions, with the lengths in front of them. Everything else in a segment is of no use to anybody.
/// </summary>
/// <remarks>
/// Partitions keep it as entries come, move and go, each under its gate; safe for concurrent use. Of one entry the addition
/// precedes the removal, so no figure is ever negative.
/// <para>
/// What makes a record useless is mostly another record: one that replaces or removes its entry, or its copy. Until that is on
/// the device, a crash would make the first one useful again; so of each segment is known how far the log must be durable
/// before it can be deleted. An entry that has expired is useless by itself.
/// </para>
/// </remarks>
/// <param name="segmentSize">Bytes of a segment.</param>
/// <param name="appendedUntil">Tells the address behind the last record of the log; null where there is no log.</param>
internal sealed class SegmentUsage(long segmentSize, Func<long>? appendedUntil = null)
{
    private readonly ConcurrentDictionary<long, Segment> _segments = new();
    private long _liveBytes;

    /// <summary>Live bytes of the whole log.</summary>
    public long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>Address behind the last record of the log: behind whatever makes a record useless at the moment.</summary>
    public long AppendedUntil => appendedUntil?.Invoke() ?? 0;

    /// <summary>Live bytes of one segment.</summary>
    public long LiveIn(long segment) =>
        _segments.TryGetValue(segment, out Segment? usage) ? Interlocked.Read(ref usage.Live) : 0;

    /// <summary>How far the log must be durable for all that is useless in a segment to stay so. Of use when nothing is live.</summary>
    public long SettledBy(long segment) =>
        _segments.TryGetValue(segment, out Segment? usage) ? Interlocked.Read(ref usage.SettledBy) : 0;

    /// <summary>A record has become of use.</summary>
    public void Add(LogLocation record) =>
        Change(Of(record.Address / segmentSize), LogScanner.AlignedLength(record.Length));

    /// <summary>A record is of no use any more, for what was appended just now.</summary>
    public void Remove(LogLocation record) => Remove(record, AppendedUntil);

    /// <summary>A record is of no use any more.</summary>
    /// <param name="record">The record.</param>
    /// <param name="settledBy">Address behind the record that made it so; 0 for none.</param>
    public void Remove(LogLocation record, long settledBy)
    {
        Segment usage = Of(record.Address / segmentSize);
        long known = Interlocked.Read(ref usage.SettledBy);
        while (known < settledBy)
        {
            long seen = Interlocked.CompareExchange(ref usage.SettledBy, settledBy, known);
            known = seen == known ? settledBy : seen;
        }

        // Last: whoever sees that nothing is live sees for what.
        Change(usage, -LogScanner.AlignedLength(record.Length));
    }

    /// <summary>Lets go of a segment that is gone, with whatever was thought to be live in it.</summary>
    public void Forget(long segment)
    {
        if (_segments.TryRemove(segment, out Segment? usage))
        {
            Interlocked.Add(ref _liveBytes, -Interlocked.Read(ref usage.Live));
        }
    }

    private Segment Of(long number) => _segments.GetOrAdd(number, static _ => new Segment());

    private void Change(Segment usage, int bytes)
    {
        Interlocked.Add(ref usage.Live, bytes);
        Interlocked.Add(ref _liveBytes, bytes);
    }

    private sealed class Segment
    {
        public long Live;
        public long SettledBy;
    }
}
