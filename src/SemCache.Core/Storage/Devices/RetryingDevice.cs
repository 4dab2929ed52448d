using System.Diagnostics;
using FASTER.core;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Storage;

/// <summary>
/// Stands between FasterLog and the device, and never tells FasterLog of a failed write: it keeps it and tries it again
/// until it succeeds. FasterLog would remember the failure for good, and the log would have a hole.
/// </summary>
/// <remarks>
/// After a failure, writes go to the device one at a time in the order in which they were issued, those that come later at
/// the end. Until the first succeeds it is tried every 10 ms to 1 s, and each time as a whole: what the operating system
/// dropped from its cache after an error is written again.
/// <para>
/// The memory of a write stays valid and keeps its bytes until its callback: FasterLog reuses a page only when all of it is
/// flushed. FasterLog also never has two writes that overlap under way. It would do no harm: both come from the same page,
/// and the later one carries all that the earlier one did.
/// </para>
/// <para>Everything but <see cref="_trouble"/> is guarded by <see cref="_gate"/>; the device and callbacks are called outside it.</para>
/// </remarks>
internal sealed class RetryingDevice : StorageDeviceBase
{
    /// <summary>A device that leaves a write without an answer for so long is failing.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _shortestDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(1);

    private readonly IDevice _device;
    private readonly TimeSpan _longestSilence;
    private readonly SemCacheMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Write, long> _waiting = new();
    private readonly List<Write> _running = [];
    private readonly Timer _retry;
    private volatile Trouble? _trouble;
    private Write? _retried;
    private TimeSpan _delay = _shortestDelay;
    private long _issued;
    private long _healthySince;
    private bool _isRetryDue;
    private bool _isGivenUp;

    /// <param name="device">The device; disposed with this.</param>
    /// <param name="longestSilence">How long a write may take before the device counts as failing.</param>
    /// <param name="metrics">Counts failed writes.</param>
    /// <param name="logger">Receives the changes of <see cref="Status"/>.</param>
    public RetryingDevice(IDevice device, TimeSpan longestSilence, SemCacheMetrics metrics, ILogger logger)
        : base(device.FileName, device.SectorSize, device.Capacity)
    {
        _device = device;
        _longestSilence = longestSilence;
        _metrics = metrics;
        _logger = logger;
        _retry = new Timer(_ => Retry());
    }

    /// <summary>Whether writes succeed.</summary>
    public LogStatus Status => _trouble?.Status ?? LogStatus.Healthy;

    /// <summary>Notices a device that does not answer. Called now and then while a write is waited for.</summary>
    public void Watch()
    {
        Trouble trouble;
        lock (_gate)
        {
            if (_trouble is not null || !IsSilent)
            {
                return;
            }

            trouble = new Trouble(
                LogState.Failing, $"a write has had no answer for {_longestSilence.TotalSeconds:0} s", Stopwatch.GetTimestamp());
            _trouble = trouble;
        }

        trouble.Report(_logger);
    }

    /// <summary>
    /// Tells FasterLog that everything that is not written has failed, now and from now on. Nothing else ends a log whose
    /// device has gone for good. The device is closed before: FasterLog lets go of the memory of what has failed.
    /// </summary>
    public void GiveUp()
    {
        List<Write> unwritten;
        lock (_gate)
        {
            if (_isGivenUp)
            {
                return;
            }

            _isGivenUp = true;
            unwritten = [.. _running];
            while (_waiting.TryDequeue(out Write? write, out _))
            {
                unwritten.Add(write);
            }

            _running.Clear();
            _retried = null;
        }

        // A write that has begun may still be about to be issued: a closed device refuses it without reading its memory.
        _device.Dispose();
        foreach (Write write in unwritten.OrderBy(write => write.Number))
        {
            write.Fail();
        }
    }

    public override void Initialize(long segmentSize, LightEpoch? epoch = null, bool omitSegmentIdFromFilename = false)
    {
        base.Initialize(segmentSize, epoch, omitSegmentIdFromFilename);
        _device.Initialize(segmentSize, epoch, omitSegmentIdFromFilename);
    }

    public override void WriteAsync(
        nint sourceAddress,
        int segmentId,
        ulong destinationAddress,
        uint numBytesToWrite,
        DeviceIOCompletionCallback callback,
        object context)
    {
        Write write;
        lock (_gate)
        {
            write = new Write(
                ++_issued, sourceAddress, segmentId, destinationAddress, numBytesToWrite, callback, context);
            if (_isGivenUp)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => write.Fail(), null);
                return;
            }

            // Behind what waits, so that the order stays.
            if (_waiting.Count > 0 || _retried is not null)
            {
                _waiting.Enqueue(write, write.Number);
                return;
            }

            Begin(write);
        }

        Issue(write);
    }

    public override void ReadAsync(
        int segmentId,
        ulong sourceAddress,
        nint destinationAddress,
        uint readLength,
        DeviceIOCompletionCallback callback,
        object context) =>
        _device.ReadAsync(segmentId, sourceAddress, destinationAddress, readLength, callback, context);

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) =>
        _device.RemoveSegmentAsync(segment, callback, result);

    public override void Dispose()
    {
        GiveUp();
        _retry.Dispose();
    }

    private bool IsSilent => _running.Count > 0 && Stopwatch.GetElapsedTime(_running[0].BegunAt) >= _longestSilence;

    private void Begin(Write write)
    {
        write.BegunAt = Stopwatch.GetTimestamp();
        _running.Add(write);
    }

    private void Issue(Write write) =>
        _device.WriteAsync(write.Source, write.Segment, write.Offset, write.Bytes, OnAnswer, write);

    private void OnAnswer(uint error, uint bytes, object context)
    {
        var write = (Write)context;
        if (error == 0)
        {
            OnWritten(write);
        }
        else
        {
            OnFailed(write, error);
        }
    }

    private void OnWritten(Write write)
    {
        Write? next = null;
        Trouble? ended = null;
        lock (_gate)
        {
            if (!_running.Remove(write))
            {
                // Given up meanwhile.
                return;
            }

            if (write == _retried)
            {
                _retried = null;
                if (_waiting.TryDequeue(out next, out _))
                {
                    _retried = next;
                    Begin(next);
                }
            }

            if (_trouble is not null && _retried is null && _waiting.Count == 0 && !IsSilent)
            {
                ended = _trouble;
                _trouble = null;
                _healthySince = Stopwatch.GetTimestamp();
            }
        }

        if (ended is not null)
        {
            Log.DeviceRecovered(_logger, ended.Status.Lasting.TotalSeconds);
        }

        if (next is not null)
        {
            Issue(next);
        }

        write.Succeed();
    }

    private void OnFailed(Write write, uint error)
    {
        Trouble? begun = null;
        lock (_gate)
        {
            if (!_running.Remove(write))
            {
                return;
            }

            if (write == _retried)
            {
                _retried = null;
                _delay = _delay * 2 < _longestDelay ? _delay * 2 : _longestDelay;
            }

            _waiting.Enqueue(write, write.Number);
            LogState state = DeviceError.IsFull(error) ? LogState.DiskFull : LogState.Failing;
            string reason = DeviceError.Describe(error);
            if (_trouble is null && Stopwatch.GetElapsedTime(_healthySince) > _longestDelay)
            {
                // It was sound for a while. One that is sound for moments only is not asked more and more often.
                _delay = _shortestDelay;
            }

            if (_trouble?.State != state || _trouble.Reason != reason)
            {
                begun = new Trouble(state, reason, _trouble?.Since ?? Stopwatch.GetTimestamp());
                _trouble = begun;
            }

            if (!_isRetryDue && _retried is null)
            {
                _isRetryDue = true;
                _retry.Change(_delay, Timeout.InfiniteTimeSpan);
            }
        }

        _metrics.LogWriteFailed(DeviceError.IsFull(error) ? "disk_full" : "error");
        begun?.Report(_logger);
    }

    private void Retry()
    {
        Write? write;
        lock (_gate)
        {
            _isRetryDue = false;
            if (!_waiting.TryDequeue(out write, out _))
            {
                return;
            }

            _retried = write;
            Begin(write);
        }

        Issue(write);
    }

    /// <summary>Why the log cannot be written.</summary>
    private sealed record Trouble(LogState State, string Reason, long Since)
    {
        public LogStatus Status => new(State, Reason, Stopwatch.GetElapsedTime(Since));

        public void Report(ILogger logger)
        {
            if (State == LogState.DiskFull)
            {
                Log.DeviceFull(logger, Reason);
            }
            else
            {
                Log.DeviceFailing(logger, Reason);
            }
        }
    }

    /// <summary>A write that FasterLog waits for.</summary>
    private sealed class Write(
        long number, nint source, int segment, ulong offset, uint bytes, DeviceIOCompletionCallback callback, object context)
    {
        public long Number => number;

        public nint Source => source;

        public int Segment => segment;

        public ulong Offset => offset;

        public uint Bytes => bytes;

        /// <summary>When the device got it, or got it again.</summary>
        public long BegunAt { get; set; }

        public void Succeed() => callback(0, bytes, context);

        public void Fail() => callback(DeviceError.InputOutput, 0, context);
    }
}
