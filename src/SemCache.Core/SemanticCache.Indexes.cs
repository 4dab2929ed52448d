using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Partitions;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Requests;

namespace SemCache.Core;

/// <content>The vector indexes: whether they are complete, keep up, and are sound.</content>
public sealed partial class SemanticCache
{
    /// <summary>Most partitions that <see cref="ValidateIndexes"/> reports.</summary>
    public const int MaxIndexReports = 100;

    // Of the stores that may run at the same time, the share that may wait for one partition: one in so many.
    private const int LargestShareWaiting = 4;

    private static readonly TimeSpan _retryStore = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Whether all that recovery left to be linked is. Until then, lookups and stores are served, and searches scan what is
    /// not linked yet: slower, never missing anything.
    /// </summary>
    public bool IsIndexReady => _engine is not null && _indexes.CaughtUp.IsCompleted;

    /// <summary>Entries that recovery left and that are not linked yet.</summary>
    public long EntriesToLink => _indexes.LeftToCatchUp;

    /// <summary>
    /// Entries whose vector is not in memory yet, or is made anew because the model was changed. Until then only exact
    /// lookups find them.
    /// </summary>
    public long EntriesWithoutVector => _vectors?.Left ?? 0;

    /// <summary>
    /// Whether some of <see cref="EntriesWithoutVector"/> are about to get theirs. False also when the records of all that are
    /// left cannot be read, or their prompts not be embedded: they are tried again now and then.
    /// </summary>
    public bool ExpectsVectors => _vectors is { IsMoreExpected: true };

    /// <summary>
    /// Checks the indexes of one namespace, or of all when the name is empty, while they are in use. Blocks for seconds
    /// when millions of entries are linked; what is stored meanwhile waits to be linked, and beyond
    /// <c>Index:MaxBacklog</c>, stores wait. A faulty graph is dropped and made anew.
    /// </summary>
    /// <exception cref="InvalidRequestException">The namespace is no name.</exception>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two partitions.</exception>
    public IndexValidation ValidateIndexes(string ns = "", CancellationToken cancellationToken = default)
    {
        (int partitions, int faulty, long entries) = (0, 0, 0);
        var reports = new List<PartitionIndexReport>();
        foreach (Partition partition in Chosen(ns).SelectMany(chosen => chosen.Partitions.Select(pair => pair.Value)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            IndexReport report = partition.Index.Validate();
            partitions++;
            entries += report.Entries;
            faulty += report.Problems.Count > 0 ? 1 : 0;
            if (report.Problems.Count > 0 || report.Linked > 0 || report.Pending > 0)
            {
                PartitionIdentity identity = partition.Identity;
                reports.Add(new PartitionIndexReport(identity.Namespace, identity.Scope.ToDictionary(), report));
            }
        }

        PartitionIndexReport[] first =
        [
            .. reports.OrderByDescending(report => report.Index.Problems.Count)
                .ThenByDescending(report => report.Index.Entries)
                .Take(MaxIndexReports),
        ];
        return new IndexValidation(partitions, entries, faulty, first, reports.Count - first.Length);
    }

    // Stores that wait hold their places among all that run. One partition must not have them all.
    private async ValueTask WaitForIndexAsync(VectorIndex index, CancellationToken cancellationToken)
    {
        if (!_indexes.IsOverloaded(index, _maxBacklog))
        {
            return;
        }

        using ConcurrencyLimit.Admittance place = _waitingStores.Enter();
        int most = Math.Max(1, _limits.MaxConcurrentStores / LargestShareWaiting);
        if (Interlocked.Increment(ref index.Waiting) > most)
        {
            Interlocked.Decrement(ref index.Waiting);
            _metrics.Refused("backlog");
            throw new LimitReachedException(
                $"scope: {most} stores wait already for entries of this partition to be linked (SemCache:Index:MaxBacklog)",
                _retryStore);
        }

        try
        {
            using SemCacheMetrics.Stage stage = _metrics.Begin("backlog");
            await _indexes.WaitForRoomAsync(index, _maxBacklog, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref index.Waiting);
        }
    }

    // Lookups are served already: exact ones as ever, semantic ones by scanning what is not linked yet.
    private void StartIndexes(Engine engine, EntrySnapshots entries, long tail, CancellationToken cancellationToken)
    {
        var graphs = new GraphSnapshots(
            engine.Registry, engine.Log, engine.Embedder.Fingerprint, _metrics, _loggers.CreateLogger<GraphSnapshots>());
        entries.LoadVectors(cancellationToken);
        graphs.Load(tail, cancellationToken);
        _ = ReportCaughtUpAsync();
        _indexes.Start(_vectors!.Start());
        _snapshots = new SnapshotLoop(engine.Log, graphs, entries, _options.Value.Storage.SnapshotInterval, _time);
        _snapshots.Start();
    }

    private async Task ReportCaughtUpAsync()
    {
        long started = Stopwatch.GetTimestamp();
        long entries = _indexes.LeftToCatchUp;
        await _indexes.CaughtUp.ConfigureAwait(false);
        if (entries > 0)
        {
            Log.IndexesComplete(_logger, entries, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    // Whether a partition should have a graph may have changed.
    private void AdaptIndexes()
    {
        foreach (Partition partition in _engine?.Registry.Partitions ?? [])
        {
            partition.Index.RequestMaintenance();
        }
    }
}
