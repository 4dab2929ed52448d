using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SemCache.Core.Storage;

/// <summary>
/// Records that were appended and may not have reached their file yet: until then they are read from here.
/// </summary>
/// <remarks>Safe for concurrent use. A record may stay until the commit after the one that wrote it.</remarks>
internal sealed class UncommittedRecords
{
    private readonly ConcurrentDictionary<long, byte[]> _byAddress = new();
    private readonly ConcurrentQueue<LogLocation> _order = new();
    private long _bytes;

    public int Count => _order.Count;

    public bool IsEmpty => _order.IsEmpty;

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Add(LogLocation location, byte[] record)
    {
        _byAddress[location.Address] = record;
        _order.Enqueue(location);
        Interlocked.Add(ref _bytes, record.Length);
    }

    public bool TryGet(long address, [NotNullWhen(true)] out byte[]? record) =>
        _byAddress.TryGetValue(address, out record);

    /// <summary>Lets go of the records in front of an address.</summary>
    public void Forget(long committedUntil)
    {
        while (_order.TryPeek(out LogLocation first) && first.Address < committedUntil)
        {
            _order.TryDequeue(out _);
            _byAddress.TryRemove(first.Address, out _);
            Interlocked.Add(ref _bytes, -first.Length);
        }
    }
}
