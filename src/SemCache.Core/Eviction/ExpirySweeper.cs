using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction;

/// <summary>
/// Removes expired entries and empty partitions every few seconds. Expired entries are never served in between:
/// matching looks at the time itself.
/// </summary>
/// <remarks>Needs no record in the log: an expired entry is recognised as such at every start.</remarks>
internal sealed class ExpirySweeper(
    PartitionRegistry registry, SemCacheMetrics metrics, TimeProvider time, ILogger<ExpirySweeper> logger) : IAsyncDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>Removes what has expired by now.</summary>
    /// <returns>How many entries.</returns>
    public int Sweep()
    {
        DateTimeOffset now = time.GetUtcNow();
        int removed = 0;
        foreach (Partition partition in registry.Partitions)
        {
            foreach (Entry entry in partition.Entries)
            {
                if (entry.ExpiresAt <= now)
                {
                    lock (partition.Gate)
                    {
                        removed += partition.Expire(entry) ? 1 : 0;
                    }
                }
            }

            registry.RetireIfEmpty(partition);
        }

        if (removed > 0)
        {
            metrics.Expired(removed);
            Log.ExpiredRemoved(logger, removed);
        }

        return removed;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    Sweep();
                }
                catch (Exception exception)
                {
                    // What is left comes with the next turn.
                    Log.SweepFailed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
