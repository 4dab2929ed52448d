using System.Diagnostics;
using FASTER.core;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Storage;

/// <summary>
/// Commits the log: one commit at a time, and each for everybody who asked since the one before. The busier the log,
/// the more records share a commit.
/// </summary>
/// <remarks>
/// Writes that fail are tried again below FasterLog, so that a commit does not fail: it lasts. Who waits for it is told
/// that, and does not wait on. Only when the device is given up at a stop, or FasterLog itself fails, does a commit fail,
/// and then for good: <see cref="Failure"/> says so.
/// <para>With <see cref="Durability.Periodic"/>, a commit begins every interval, or when the one before has ended.</para>
/// </remarks>
internal sealed class GroupCommit
{
    private static readonly TimeSpan _watchEvery = TimeSpan.FromMilliseconds(250);

    private readonly FasterLog _log;
    private readonly RetryingDevice _device;
    private readonly TimeSpan _interval;
    private readonly string _acknowledgedBefore;
    private readonly UncommittedRecords _uncommitted;
    private readonly SemCacheMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Signal _requested = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Task _loop;

    // Guarded by the gate. Who waits is in the round that runs, if its commit covers the address, or in the next.
    private Round? _running;
    private Round _next = new();
    private volatile Exception? _failure;

    public GroupCommit(
        FasterLog log,
        RetryingDevice device,
        StorageOptions options,
        UncommittedRecords uncommitted,
        SemCacheMetrics metrics,
        ILogger logger)
    {
        _log = log;
        _device = device;
        _interval = options.Durability == Durability.Periodic ? options.CommitInterval : Timeout.InfiniteTimeSpan;
        _acknowledgedBefore = options.Durability == Durability.Commit
            ? "With the durability Commit none of them was acknowledged"
            : $"With the durability {options.Durability} they may have been acknowledged";
        _uncommitted = uncommitted;
        _metrics = metrics;
        _logger = logger;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Why nothing is committed any more, whatever the device does; null while it is.</summary>
    public Exception? Failure => _failure;

    /// <summary>Whether the log can be written.</summary>
    public LogStatus Status => _failure is { } failure
        ? new LogStatus(LogState.Failing, failure.Message, TimeSpan.Zero)
        : _device.Status;

    /// <summary>Asks for a commit of what has been appended; returns at once.</summary>
    public void Request() => _requested.Set();

    /// <summary>Waits until the log is committed up to <paramref name="address"/>, or cannot be for the time being.</summary>
    /// <exception cref="LimitReachedException">The device is full.</exception>
    /// <exception cref="CacheUnavailableException">The device fails.</exception>
    public ValueTask WaitAsync(long address, CancellationToken cancellationToken)
    {
        if (_log.CommittedUntilAddress >= address)
        {
            return ValueTask.CompletedTask;
        }

        Task committed;
        lock (_gate)
        {
            if (Status is { IsHealthy: false } status)
            {
                return ValueTask.FromException(LogRefusal.OfCommit(status));
            }

            Round round = _running is { } running && running.Until >= address ? running : _next;
            committed = round.Committed;
        }

        Request();
        return new ValueTask(committed.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Ends the loop and commits what is left. If the device cannot take it after <paramref name="timeout"/>, it is given up.
    /// </summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        long started = Stopwatch.GetTimestamp();
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task last = CommitLastAsync();
        while (!await IsDoneAsync(last).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(started) > timeout && _device.Status is { IsHealthy: false } status)
            {
                Log.RecordsNotWritten(_logger, status.Reason, _uncommitted.Count, _uncommitted.Bytes, _acknowledgedBefore);
                _device.GiveUp();
                break;
            }
        }

        await last.ConfigureAwait(false);
        _failure ??= new ObjectDisposedException(null, "it is closed");
        TellWaiting();
        _stopping.Dispose();
    }

    private async Task CommitLastAsync()
    {
        await _loop.ConfigureAwait(false);
        if (_failure is null)
        {
            await CommitAsync().ConfigureAwait(false);
        }
    }

    private async Task LoopAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        while (_failure is null)
        {
            try
            {
                await _requested.WaitAsync(Pause(begun), _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            begun = Stopwatch.GetTimestamp();
            await CommitAsync().ConfigureAwait(false);
        }
    }

    private TimeSpan Pause(long begun)
    {
        if (_interval == Timeout.InfiniteTimeSpan)
        {
            return _interval;
        }

        TimeSpan passed = Stopwatch.GetElapsedTime(begun);
        return passed < _interval ? _interval - passed : TimeSpan.Zero;
    }

    // Takes no token: a commit that has begun is always waited for.
    private async Task CommitAsync()
    {
        try
        {
            Round round = BeginRound();
            if (!_uncommitted.IsEmpty)
            {
                long started = Stopwatch.GetTimestamp();
                Task commit = _log.CommitAsync(CancellationToken.None).AsTask();
                while (!await IsDoneAsync(commit).ConfigureAwait(false))
                {
                    TellWaiting();
                }

                await commit.ConfigureAwait(false);
                _metrics.Committed(Stopwatch.GetElapsedTime(started));
                _uncommitted.Forget(_log.CommittedUntilAddress);
            }

            EndRound(round);
        }
        catch (Exception exception)
        {
            // Whatever it was: were it not noted, everybody would wait for a commit that never comes.
            _failure = exception;
            if (!_stopping.IsCancellationRequested)
            {
                Log.CommitFailed(_logger, exception);
            }

            TellWaiting();
        }
    }

    private Round BeginRound()
    {
        lock (_gate)
        {
            Round round = _next;
            round.Until = _log.TailAddress;
            _running = round;
            _next = new Round();
            return round;
        }
    }

    private void EndRound(Round round)
    {
        lock (_gate)
        {
            _running = null;
        }

        round.End();
    }

    // Whether a task ends within a moment; keeps an eye on the device when it does not.
    private async Task<bool> IsDoneAsync(Task task)
    {
        await task.WaitAsync(_watchEvery).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (task.IsCompleted)
        {
            return true;
        }

        _device.Watch();
        return false;
    }

    private void TellWaiting()
    {
        Round? running;
        Round next;
        LogStatus status;
        lock (_gate)
        {
            status = Status;
            if (status.IsHealthy)
            {
                return;
            }

            (running, next) = (_running, _next);
            (_running, _next) = (null, new Round());
        }

        Exception refusal = LogRefusal.OfCommit(status);
        running?.Fail(refusal);
        next.Fail(refusal);
    }

    /// <summary>Those who wait for the same commit.</summary>
    private sealed class Round
    {
        private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Address up to which the commit reaches at the least, once it has begun.</summary>
        public long Until { get; set; }

        public Task Committed => _committed.Task;

        public void End() => _committed.TrySetResult();

        public void Fail(Exception exception)
        {
            _committed.TrySetException(exception);
            // Nobody may be waiting; that makes it no unobserved failure.
            _ = _committed.Task.Exception;
        }
    }
}
