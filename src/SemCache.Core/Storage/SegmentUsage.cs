using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SemCache.Core.Storage;

/// <summary>
/// How many bytes of each segment are live: the records of present entries and of their vectors, and the latest definitions of
/// their partitions, with the lengths in front of them. Everything else in a segment is of no use to anybody.
/// </summary>
/// <remarks>
/// Partitions keep it as entries come, move and go, each under its gate; safe for concurrent use. Of one entry the addition
/// precedes the removal, so no figure is ever negative.
/// </remarks>
internal sealed class SegmentUsage(long segmentSize)
{
    private readonly ConcurrentDictionary<long, StrongBox<long>> _live = new();
    private long _liveBytes;

    /// <summary>Live bytes of the whole log.</summary>
    public long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>Live bytes of one segment.</summary>
    public long LiveIn(long segment) =>
        _live.TryGetValue(segment, out StrongBox<long>? bytes) ? Interlocked.Read(ref bytes.Value) : 0;

    /// <summary>A record has become of use.</summary>
    public void Add(LogLocation record) => Change(record.Address, LogScanner.AlignedLength(record.Length));

    /// <summary>A record is of no use any more.</summary>
    public void Remove(LogLocation record) => Change(record.Address, -LogScanner.AlignedLength(record.Length));

    /// <summary>Lets go of a segment that is gone.</summary>
    public void Forget(long segment) => _live.TryRemove(segment, out _);

    private void Change(long address, int bytes)
    {
        StrongBox<long> live = _live.GetOrAdd(address / segmentSize, static _ => new StrongBox<long>());
        Interlocked.Add(ref live.Value, bytes);
        Interlocked.Add(ref _liveBytes, bytes);
    }
}
