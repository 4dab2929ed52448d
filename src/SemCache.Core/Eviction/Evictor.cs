using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Storage;

namespace SemCache.Core.Eviction;

/// <summary>
/// Removes entries, in the background, when a budget of memory or disk is used up: those that the policies of their
/// namespaces choose, in small batches, each under the gate of its partition for a moment.
/// </summary>
/// <remarks>
/// Removals are records of the log like any other. They need no commit of their own: if a crash takes them, the entries are
/// there again, and are evicted again. While the log takes nothing, nothing is evicted, and nothing is stored either.
/// </remarks>
internal sealed class Evictor(
    EntryLog log,
    PartitionRegistry registry,
    Budgets budgets,
    SemCacheMetrics metrics,
    TimeProvider time,
    ILogger<Evictor> logger) : IAsyncDisposable
{
    private const int MostVictims = 64;

    // Beyond a budget by this share, stores wait.
    private const double Slack = 0.02;

    // Beyond what the log may take by so many segments, and with as many to gain, too.
    private const int SlackSegments = 2;

    // What is made free at once, as a share of a budget, so that not every store evicts.
    private const double Room = 0.005;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _measuring = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(5);
    // Compaction tells nobody when it has let go of a segment.
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _retryStore = TimeSpan.FromMilliseconds(100);

    private readonly Signal _wake = new();
    private readonly HashSet<Entry> _victims = [];
    private readonly Random _random = new();
    private readonly OncePerMinute _mayReport = new(time);
    private readonly OncePerMinute _mayReportSnapshots = new(time);
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource _turn = NewSignal();
    private volatile bool _hasEnded;
    private Task _loop = Task.CompletedTask;
    private long _measured;

    private bool IsLogTooLong =>
        !log.IsCompactionResting
        && log.Bytes > budgets.LogDisk + (SlackSegments * log.SegmentSize)
        && log.Bytes - log.Usage.LiveBytes >= SlackSegments * log.SegmentSize;

    /// <summary>Begins to evict.</summary>
    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>Has budgets looked at soon; returns at once.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Tells that a namespace has an entry more.</summary>
    public void NoteAdded(CacheNamespace ns)
    {
        if (budgets.FindExceeded(ns, 0) is not null)
        {
            Wake();
        }
    }

    /// <summary>
    /// Whether a store has to wait: a budget that its namespace counts for is exceeded by more than 2 %, or the log is two
    /// segments longer than it may be and compaction has as much to gain.
    /// </summary>
    /// <param name="ns">The namespace; null for one that does not exist yet.</param>
    public bool MustWait(CacheNamespace? ns) => IsLogTooLong || budgets.FindExceeded(ns, Slack) is not null;

    /// <summary>Waits as long as <see cref="MustWait"/>.</summary>
    /// <param name="ns">The namespace; null for one that does not exist yet.</param>
    /// <param name="mostWaiting">Stores of one namespace that may wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LimitReachedException">Too many wait already, or there is no room after five seconds.</exception>
    public async Task WaitForRoomAsync(CacheNamespace? ns, int mostWaiting, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            bool mayWait = ns is null || Interlocked.Increment(ref ns.Waiting) <= mostWaiting;
            // Once: it goes on by itself until there is room. Woken by all who wait at each of its turns, it would turn for
            // nothing, and keep the threads that compaction needs.
            Wake();
            while (!_hasEnded)
            {
                // Taken before the look, so that no turn in between is slept through.
                Task turn = _turn.Task;
                if (!MustWait(ns))
                {
                    return;
                }

                TimeSpan left = _longestWait - Stopwatch.GetElapsedTime(started);
                if (!mayWait || left <= TimeSpan.Zero)
                {
                    throw Refusal(ns);
                }

                // The end of the time is no error here, and a cancellation is the caller's.
                await turn.WaitAsync(left < _look ? left : _look, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            if (ns is not null)
            {
                Interlocked.Decrement(ref ns.Waiting);
            }
        }
    }

    /// <summary>Evicts until every budget is kept, or nothing is left to evict. One caller at a time.</summary>
    /// <exception cref="LimitReachedException">The log's device is full.</exception>
    /// <exception cref="CacheUnavailableException">The log cannot be written.</exception>
    public async Task EvictAsync(CancellationToken cancellationToken)
    {
        foreach (CacheNamespace ns in registry.Namespaces.Where(ns => ns.EntryCount > 0))
        {
            await FreeAsync(() => Budgets.MemoryOf(ns), ns, cancellationToken).ConfigureAwait(false);
            await FreeAsync(() => Budgets.DiskOf(ns), ns, cancellationToken).ConfigureAwait(false);
        }

        await FreeAsync(() => budgets.ServerMemory, null, cancellationToken).ConfigureAwait(false);
        await FreeAsync(() => budgets.ServerDisk, null, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LoopAsync()
    {
        await using ITimer timer = time.CreateTimer(_ => Wake(), null, _interval, _interval);
        try
        {
            while (true)
            {
                await _wake.WaitAsync(Timeout.InfiniteTimeSpan, _stopping.Token).ConfigureAwait(false);
                await TurnAsync().ConfigureAwait(false);
                EndTurn();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            _hasEnded = true;
            EndTurn();
        }
    }

    private async Task TurnAsync()
    {
        try
        {
            MeasureSnapshots();
            await EvictAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            if (exception is not (CacheUnavailableException or LimitReachedException))
            {
                Log.EvictionFailed(logger, _rest, exception);
            }
            else if (_mayReport.TryTake())
            {
                Log.EvictionRests(logger, exception.Message);
            }

            await Task.Delay(_rest, _stopping.Token).ConfigureAwait(false);
            Wake();
        }
    }

    private void MeasureSnapshots()
    {
        if (_measured != 0 && Stopwatch.GetElapsedTime(_measured) < _measuring)
        {
            return;
        }

        _measured = Stopwatch.GetTimestamp();
        try
        {
            SnapshotSizes sizes = SnapshotSizes.Measure(log.Folder);
            budgets.SnapshotBytes = sizes.WithTheNext;
            if (budgets.IsCrowded && _mayReportSnapshots.TryTake())
            {
                Log.SnapshotsCrowdTheLog(logger, sizes.Bytes, budgets.Disk, budgets.LogDisk);
            }
        }
        catch (IOException exception)
        {
            // What was measured last stays.
            Log.SnapshotsNotMeasured(logger, exception);
        }
    }

    private async Task FreeAsync(Func<BudgetUse> read, CacheNamespace? owner, CancellationToken cancellationToken)
    {
        BudgetUse use = read();
        if (!use.IsExceeded(0))
        {
            return;
        }

        while (use.Used - (long)(use.Allowed * (1 - Room)) is > 0 and long excess)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Choose(use, owner, excess);
            if (_victims.Count == 0)
            {
                if (_mayReport.TryTake())
                {
                    Log.NothingToEvict(logger, use.Option, use.Used, use.Allowed);
                }

                return;
            }

            await RemoveAsync(use.Resource, cancellationToken).ConfigureAwait(false);
            EndTurn();
            use = read();
        }
    }

    private void Choose(BudgetUse use, CacheNamespace? owner, long excess)
    {
        _victims.Clear();
        Shares? shares = owner is null ? new Shares(registry.Namespaces, use.Resource) : null;
        long found = 0;
        for (int tries = 0; tries < 2 * MostVictims && _victims.Count < MostVictims && found < excess; tries++)
        {
            if ((owner ?? shares!.Next(_random)) is { } ns && ns.Policy.NextVictim(_victims) is { } victim)
            {
                _victims.Add(victim);
                found += use.Resource == EvictionReason.Memory
                    ? victim.Partition.MemoryOf(victim)
                    : victim.Partition.DiskOf(victim);
            }
        }
    }

    private async Task RemoveAsync(EvictionReason reason, CancellationToken cancellationToken)
    {
        try
        {
            foreach (IGrouping<Partition, Entry> victims in _victims.GroupBy(victim => victim.Partition))
            {
                int removed = await Removal.RemoveAsync(log, victims.Key, [.. victims], cancellationToken)
                    .ConfigureAwait(false);
                registry.RetireIfEmpty(victims.Key);
                victims.Key.Namespace.Counters.Evicted(removed);
                metrics.Evicted(victims.Key.Namespace.Name, reason, removed);
            }
        }
        finally
        {
            foreach (Entry spared in _victims.Where(victim => !victim.IsRemoved))
            {
                spared.Partition.Namespace.Policy.Spare(spared);
            }
        }
    }

    private LimitReachedException Refusal(CacheNamespace? ns)
    {
        BudgetUse? exceeded = budgets.FindExceeded(ns, Slack);
        metrics.Refused(exceeded is { Resource: EvictionReason.Memory } ? "memory" : "disk");
        return new LimitReachedException(
            exceeded is { } budget
                ? $"namespace: entries are stored faster than others are evicted to keep {budget.Option}, "
                    + $"{budget.Allowed} bytes for entries"
                : $"namespace: entries are stored faster than the log is compacted to keep {budgets.ServerDisk.Option}, "
                    + $"{budgets.LogDisk} bytes for the log, which takes {log.Bytes}",
            _retryStore);
    }

    private void EndTurn() => Interlocked.Exchange(ref _turn, NewSignal()).SetResult();
}
