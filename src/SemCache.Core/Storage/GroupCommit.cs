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
/// A commit that failed fails for good: FasterLog remembers the failure, and so do all who wait for a commit. Nothing
/// more is accepted then; the log's order would have a hole.
/// </remarks>
internal sealed class GroupCommit : IAsyncDisposable
{
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

    /// <summary>Whether a commit has failed.</summary>
    public bool HasFailed { get; private set; }

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
        try
        {
            Request();
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
        while (!HasFailed)
        {
            try
            {
                await _requested.WaitAsync(interval, _stopping.Token).ConfigureAwait(false);
                await CommitAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // Takes no token: a commit that has begun is always waited for.
    private async Task CommitAsync()
    {
        if (HasFailed || _uncommitted.IsEmpty)
        {
            return;
        }

        try
        {
            long started = Stopwatch.GetTimestamp();
            await _log.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            _metrics.Committed(Stopwatch.GetElapsedTime(started));
            _uncommitted.Forget(_log.CommittedUntilAddress);
        }
        catch (FasterException exception)
        {
            HasFailed = true;
            Log.CommitFailed(_logger, exception);
        }
    }
}
