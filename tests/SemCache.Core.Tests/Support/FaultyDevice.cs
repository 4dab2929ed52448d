using FASTER.core;
using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Support;

/// <summary>What happens to a write that does not reach its file.</summary>
internal enum Unwritten
{
    /// <summary>It fails with an error.</summary>
    Fails,

    /// <summary>It is never answered, as on a device that hangs.</summary>
    Hangs,
}

/// <summary>
/// The log's files, with faults at will: writes that fail, are slow, are torn, or do not reach the file any more. Reads go
/// past it, as the log's always do.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Writes are counted from 1 as they are issued, those that are tried again included. What has
/// stopped stays stopped: the files are those of a machine that lost its power at that moment.
/// </remarks>
internal sealed class FaultyDevice(string basePath) : StorageDeviceBase(basePath, 512, Devices.CAPACITY_UNSPECIFIED)
{
    private readonly SegmentDevice _files = new(basePath);
    private readonly Lock _gate = new();
    private readonly List<Request> _running = [];
    private uint _error;
    private int _failures;
    private TimeSpan _delay;
    private long _issued;
    private long _written;
    private long _overlaps;
    private long _stopAt = long.MaxValue;
    private bool _tears;
    private Unwritten _then;
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes that were issued.</summary>
    public long Issued => Interlocked.Read(ref _issued);

    /// <summary>Writes that reached the file as a whole.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Writes that were issued while another to the same bytes was under way.</summary>
    public long Overlaps => Interlocked.Read(ref _overlaps);

    /// <summary>A factory that hands out one device and keeps it for the test.</summary>
    /// <param name="prepare">Called before the log has it.</param>
    public static (LogDeviceFactory Factory, Func<FaultyDevice> Device) Prepare(Action<FaultyDevice>? prepare = null)
    {
        FaultyDevice? device = null;
        return (
            path =>
            {
                device = new FaultyDevice(path);
                prepare?.Invoke(device);
                return device;
            },
            () => device ?? throw new InvalidOperationException("The log was not opened yet."));
    }

    /// <summary>The next writes fail.</summary>
    public void Fail(uint error, int times = int.MaxValue)
    {
        lock (_gate)
        {
            (_error, _failures) = (error, times);
        }
    }

    /// <summary>Every write from now on takes so long.</summary>
    public void Delay(TimeSpan delay)
    {
        lock (_gate)
        {
            _delay = delay;
        }
    }

    /// <summary>Writes reach the file again, at once, unless they were stopped.</summary>
    public void Heal()
    {
        Fail(0, 0);
        Delay(TimeSpan.Zero);
    }

    /// <summary>From a write on, nothing reaches the file.</summary>
    /// <param name="write">The number of the write, from 1; 0 for the next.</param>
    /// <param name="then">What happens to what is not written.</param>
    /// <param name="torn">Whether the first half of the first of them reaches the file.</param>
    public void StopAt(long write, Unwritten then, bool torn = false)
    {
        lock (_gate)
        {
            _stopAt = write == 0 ? _issued + 1 : write;
            _then = then;
            _tears = torn;
        }
    }

    /// <summary>Ends when a write was stopped and all that went before has reached the file, or a part of it has.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>
    /// Answers all that hangs, now and later, as if it had been written: a log on this device can be closed at once.
    /// </summary>
    public void LetGo() => _letGo.TrySetResult();

    public override void Initialize(long segmentSize, LightEpoch? epoch = null, bool omitSegmentIdFromFilename = false)
    {
        base.Initialize(segmentSize, epoch, omitSegmentIdFromFilename);
        _files.Initialize(segmentSize, epoch, omitSegmentIdFromFilename);
    }

    public override void WriteAsync(
        nint sourceAddress,
        int segmentId,
        ulong destinationAddress,
        uint numBytesToWrite,
        DeviceIOCompletionCallback callback,
        object context) =>
        _ = WriteAsync(new Request(sourceAddress, segmentId, destinationAddress, numBytesToWrite), callback, context);

    public override void ReadAsync(
        int segmentId,
        ulong sourceAddress,
        nint destinationAddress,
        uint readLength,
        DeviceIOCompletionCallback callback,
        object context) =>
        _files.ReadAsync(segmentId, sourceAddress, destinationAddress, readLength, callback, context);

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) =>
        _files.RemoveSegmentAsync(segment, callback, result);

    public override void Dispose() => _files.Dispose();

    private async Task WriteAsync(Request request, DeviceIOCompletionCallback callback, object context)
    {
        (Fate fate, uint error, TimeSpan delay) = Begin(request);
        // Never on the caller's thread, which may hold locks.
        await Task.Delay(delay).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (fate == Fate.Written)
        {
            error = await WriteAsync(request).ConfigureAwait(false);
        }
        else if (fate == Fate.Torn)
        {
            await WriteAsync(request with { Bytes = request.Bytes / 2 }).ConfigureAwait(false);
        }

        End(request);
        if (fate is Fate.Torn or Fate.Stopped)
        {
            if (_then == Unwritten.Hangs)
            {
                await _letGo.Task.ConfigureAwait(false);
                callback(0, request.Bytes, context);
                return;
            }

            error = DeviceError.InputOutput;
        }

        if (error == 0)
        {
            Interlocked.Increment(ref _written);
        }

        callback(error, error == 0 ? request.Bytes : 0, context);
    }

    private void End(Request request)
    {
        lock (_gate)
        {
            _running.Remove(request);
            if (_issued >= _stopAt && _running.Count == 0)
            {
                _stopped.TrySetResult();
            }
        }
    }

    private (Fate Fate, uint Error, TimeSpan Delay) Begin(Request request)
    {
        lock (_gate)
        {
            _overlaps += _running.Exists(request.Overlaps) ? 1 : 0;
            _running.Add(request);
            long number = ++_issued;
            if (number >= _stopAt)
            {
                return (number == _stopAt && _tears ? Fate.Torn : Fate.Stopped, 0, _delay);
            }

            return _failures > 0 && _failures-- > 0 ? (Fate.Failed, _error, _delay) : (Fate.Written, 0, _delay);
        }
    }

    private Task<uint> WriteAsync(Request request)
    {
        var done = new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously);
        _files.WriteAsync(
            request.Source, request.Segment, request.Offset, request.Bytes, (error, _, _) => done.SetResult(error), this);
        return done.Task;
    }

    private enum Fate
    {
        Written,
        Failed,
        Torn,
        Stopped,
    }

    private sealed record Request(nint Source, int Segment, ulong Offset, uint Bytes)
    {
        public bool Overlaps(Request other) =>
            Segment == other.Segment && Offset < other.Offset + other.Bytes && other.Offset < Offset + Bytes;
    }
}
