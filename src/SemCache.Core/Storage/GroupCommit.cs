using System.Diagnostics;
using FASTER.core;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Storage;

/// <summary>
/// Commits the log: one commit at a time, and each for everybody who asked since the one before. The busier the log,
/// the more records share a commit.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(100);

    private readonly FasterLog _log;
    private readonly StorageOptions _options;
    private readonly UncommittedRecords _uncommitted;
    private readonly SemCacheMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _requested = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public GroupCommit(
        FasterLog log, StorageOptions options, UncommittedRecords uncommitted, SemCacheMetrics metrics, ILogger logger)
    {
        _log = log;
        _options = options;
        _uncommitted = uncommitted;
        _metrics = metrics;
        _logger = logger;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Asks for a commit of what has been appended; returns at once.</summary>
    public void Request()
    {
        try
        {
            if (_requested.CurrentCount == 0)
            {
                _requested.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another caller asked at the same moment; one commit serves both.
        }
    }

    /// <summary>Waits until the log is committed up to <paramref name="address"/>.</summary>
    /// <exception cref="CacheUnavailableException">The commit failed.</exception>
    public async ValueTask WaitAsync(long address, CancellationToken cancellationToken)
    {
        Request();
        try
        {
            await _log.WaitForCommitAsync(address, token: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FasterException or ObjectDisposedException)
        {
            throw new CacheUnavailableException(
                "The entry is in the cache, but the entry log could not be committed: " + exception.Message, exception);
        }
    }

    /// <summary>Ends the loop and commits what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await CommitAsync().ConfigureAwait(false);
        _requested.Dispose();
        _stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        TimeSpan interval = _options.Durability == Durability.Periodic
            ? _options.CommitInterval
            : Timeout.InfiniteTimeSpan;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _requested.WaitAsync(interval, _stopping.Token).ConfigureAwait(false);
                if (!await CommitAsync().ConfigureAwait(false))
                {
                    await Task.Delay(_retryDelay, _stopping.Token).ConfigureAwait(false);
                    Request();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // Takes no token: a commit that has begun is always waited for.
    private async Task<bool> CommitAsync()
    {
        if (_uncommitted.IsEmpty)
        {
            return true;
        }

        try
        {
            long started = Stopwatch.GetTimestamp();
            await _log.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            _metrics.Committed(Stopwatch.GetElapsedTime(started));
            _uncommitted.Forget(_log.CommittedUntilAddress);
            return true;
        }
        catch (FasterException exception)
        {
            Log.CommitFailed(_logger, exception);
            return false;
        }
    }
}
