using System.Buffers;
using System.Diagnostics;
using FASTER.core;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <summary>
/// The entry log: the one durable source of truth. Appends through FasterLog with group commit, reads by address.
/// </summary>
/// <remarks>
/// Order of use: <see cref="Open"/>, <see cref="Recover"/> once, then everything else from any thread.
/// <para>
/// The device opens its files with write-through, so a commit returns when the device has taken the bytes. A new
/// process always begins on a fresh page: no sector that holds an acknowledged record of an earlier one is written again.
/// </para>
/// </remarks>
internal sealed partial class EntryLog : IExactVectors, IAsyncDisposable
{
    private static readonly TimeSpan _longestFull = TimeSpan.FromSeconds(10);

    private readonly StorageOptions _options;
    private readonly LogManifest _manifest;
    private readonly FileStream _lock;
    private readonly SegmentFiles _files;
    private readonly LogBegin _begin;
    private readonly SemCacheMetrics _metrics;
    private readonly LogDeviceFactory _devices;
    private readonly ILogger _logger;
    private readonly UncommittedRecords _uncommitted = new();

    private RetryingDevice? _device;
    private FasterLog? _log;
    private GroupCommit? _commits;
    private long _appendedUntil;
    private long _beginAddress;
    private long _fullSince;
    private long _appendedBytes;

    private EntryLog(
        StorageOptions options,
        LogManifest manifest,
        FileStream @lock,
        string folder,
        SemCacheMetrics metrics,
        LogDeviceFactory devices,
        SegmentRead? reads,
        ILogger logger)
    {
        _options = options;
        _manifest = manifest;
        _lock = @lock;
        _files = new SegmentFiles(folder, manifest.SegmentSize, reads);
        _metrics = metrics;
        _devices = devices;
        _logger = logger;
        Codec = new RecordCodec(manifest.Secret);
        Identity = LogIdentity.Of(manifest.Secret);
        _begin = new LogBegin(folder, Identity);
        Usage = new SegmentUsage(manifest.SegmentSize, () => AppendedUntil);
    }

    /// <summary>Encodes records of this log.</summary>
    public RecordCodec Codec { get; }

    /// <summary>Tells this log from all others.</summary>
    public LogIdentity Identity { get; }

    /// <summary>The folder of the log's files.</summary>
    public string Folder => _files.Folder;

    /// <summary>Address behind the last record that was recovered or appended.</summary>
    public long AppendedUntil => Volatile.Read(ref _appendedUntil);

    /// <summary>Address of the first segment: all that stood in front of it was truncated.</summary>
    public long BeginAddress => Volatile.Read(ref _beginAddress);

    /// <summary>Bytes from the first to the tail address.</summary>
    public long Bytes => _log is { } log ? log.TailAddress - BeginAddress : 0;

    /// <summary>Records waiting for a commit.</summary>
    public int UncommittedRecords => _uncommitted.Count;

    /// <summary>Whether the log can be written. While it cannot, nothing is appended, and reads go on.</summary>
    public LogStatus Status => _commits?.Status ?? LogStatus.Healthy;

    /// <summary>
    /// Appends a record. False when the log's memory is full of records on their way to the device: wait with
    /// <see cref="WaitForSpaceAsync"/>, outside of any lock, and try again.
    /// </summary>
    /// <exception cref="LimitReachedException">The device is full.</exception>
    /// <exception cref="CacheUnavailableException">The device fails.</exception>
    public bool TryAppend(byte[] record, out LogLocation location)
    {
        RequireHealthy();
        location = default;
        return TryPay() && TryEnqueue(record, out location);
    }

    /// <summary>Waits until an append may succeed again.</summary>
    /// <exception cref="LimitReachedException">The device is full, or nobody could append for 10 s.</exception>
    /// <exception cref="CacheUnavailableException">The device fails.</exception>
    public async Task WaitForSpaceAsync(CancellationToken cancellationToken)
    {
        RequireHealthy();
        if (Volatile.Read(ref _fullSince) is > 0 and long since
            && Stopwatch.GetElapsedTime(since) is var lasting && lasting > _longestFull)
        {
            _metrics.Refused("log_buffer");
            throw LogRefusal.OfFullBuffer(lasting);
        }

        _commits!.Request();
        await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the record is as durable as the configuration promises, or cannot be for the time being.</summary>
    /// <exception cref="LimitReachedException">The device is full.</exception>
    /// <exception cref="CacheUnavailableException">The device fails.</exception>
    public ValueTask WaitDurableAsync(LogLocation location, CancellationToken cancellationToken) =>
        WaitDurableAsync(EndOf(location), cancellationToken);

    /// <summary>Waits until everything that anybody has appended by now is as durable as the configuration promises.</summary>
    /// <exception cref="LimitReachedException">The device is full.</exception>
    /// <exception cref="CacheUnavailableException">The device fails.</exception>
    public ValueTask WaitDurableAsync(CancellationToken cancellationToken) =>
        WaitDurableAsync(AppendedUntil, cancellationToken);

    /// <summary>Writes the log through to the device up to an address, whatever the configuration promises.</summary>
    /// <exception cref="LimitReachedException">The device is full.</exception>
    /// <exception cref="CacheUnavailableException">The device fails.</exception>
    public ValueTask CommitAsync(long until, CancellationToken cancellationToken = default) =>
        _commits!.WaitAsync(until, cancellationToken);

    /// <summary>Reads an entry's record and checks it. Null when it is damaged or cannot be read.</summary>
    public ReadOnlyMemory<byte>? Read(Entry entry)
    {
        LogLocation location = entry.Location;
        while (true)
        {
            if (Read(location, out IOException? failure) is { } record)
            {
                return record;
            }

            LogLocation now = entry.Location;
            if (now == location)
            {
                NoteUnreadable(location, failure);
                return null;
            }

            // Compaction has moved the record and let go of the old one meanwhile.
            location = now;
        }
    }

    /// <summary>
    /// Reads an entry's vector, without checking the record around it. Whoever serves the entry reads and checks its own
    /// record; a vector in a record of its own is held against the quantised one.
    /// </summary>
    public bool TryRead(Entry entry, Span<float> vector)
    {
        (long address, int offset) = VectorOf(entry);
        while (!TryReadVector(address, offset, vector))
        {
            (long Address, int Offset) now = VectorOf(entry);
            if (now.Address == address)
            {
                // Counted, not logged: a search may meet hundreds of a lost file.
                _metrics.UnreadableRecord();
                return false;
            }

            (address, offset) = now;
        }

        return true;
    }

    /// <summary>
    /// Commits what was appended, and closes the log. If the device cannot take it for
    /// <see cref="StorageOptions.ShutdownTimeout"/>, says what was not written, and closes all the same.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_commits is not null)
        {
            await _commits.StopAsync(_options.ShutdownTimeout).ConfigureAwait(false);
            _log!.Dispose();
            _device!.Dispose();
        }

        _files.Dispose();
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    private bool TryEnqueue(byte[] record, out LogLocation location)
    {
        try
        {
            if (!_log!.TryEnqueue(record, out long address))
            {
                Interlocked.CompareExchange(ref _fullSince, Stopwatch.GetTimestamp(), 0);
                location = default;
                return false;
            }

            location = new LogLocation(address, record.Length);
        }
        catch (FasterException exception)
        {
            throw new CacheUnavailableException("The entry log cannot be written: " + exception.Message, exception);
        }

        Volatile.Write(ref _fullSince, 0);
        _uncommitted.Add(location, record);
        _metrics.Appended(LogScanner.AlignedLength(record.Length));
        Interlocked.Add(ref _appendedBytes, LogScanner.AlignedLength(record.Length));
        NoteAppended(EndOf(location));
        if (_uncommitted.Bytes > _options.MemorySize / 4)
        {
            _commits!.Request();
        }

        return true;
    }

    private static (long Address, int Offset) VectorOf(Entry entry) => entry.ReembedAddress is > 0 and long address
        ? (address, RecordCodec.VectorInReembed)
        : (entry.Location.Address, RecordCodec.VectorInPut);

    private byte[]? Read(LogLocation location, out IOException? failure)
    {
        failure = null;
        if (_uncommitted.TryGet(location.Address, out byte[]? uncommitted))
        {
            return uncommitted;
        }

        byte[] record = GC.AllocateUninitializedArray<byte>(location.Length);
        try
        {
            int read = _files.Read(location.Address + LogScanner.HeaderBytes, record);
            return read == record.Length && Codec.IsValid(record) ? record : null;
        }
        catch (IOException exception)
        {
            failure = exception;
            return null;
        }
    }

    private void NoteUnreadable(LogLocation location, IOException? failure)
    {
        if (failure is null)
        {
            Log.RecordDamaged(_logger, location.Address);
        }
        else
        {
            Log.RecordUnreadable(_logger, location.Address, failure);
        }

        _metrics.UnreadableRecord();
    }

    private bool TryReadVector(long address, int offset, Span<float> vector)
    {
        if (_uncommitted.TryGet(address, out byte[]? record))
        {
            return RecordReader.TryCopyVector(record.AsSpan(offset), vector);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(sizeof(int) + (vector.Length * sizeof(float)));
        try
        {
            Span<byte> stored = buffer.AsSpan(0, sizeof(int) + (vector.Length * sizeof(float)));
            int read = _files.Read(address + LogScanner.HeaderBytes + offset, stored);
            return read == stored.Length && RecordReader.TryCopyVector(stored, vector);
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long EndOf(LogLocation location) => location.Address + LogScanner.AlignedLength(location.Length);

    private ValueTask WaitDurableAsync(long address, CancellationToken cancellationToken) =>
        _options.Durability == Durability.Commit
            ? _commits!.WaitAsync(address, cancellationToken)
            : ValueTask.CompletedTask;

    private void NoteAppended(long end)
    {
        long known = Volatile.Read(ref _appendedUntil);
        while (known < end)
        {
            long seen = Interlocked.CompareExchange(ref _appendedUntil, end, known);
            if (seen == known)
            {
                if (known / _manifest.SegmentSize != end / _manifest.SegmentSize)
                {
                    OnSegmentFilled?.Invoke();
                }

                return;
            }

            known = seen;
        }
    }

    private void RequireHealthy()
    {
        if (Status is { IsHealthy: false } status)
        {
            if (status.State == LogState.DiskFull)
            {
                _metrics.Refused("disk");
            }

            throw LogRefusal.OfAppend(status);
        }
    }
}
