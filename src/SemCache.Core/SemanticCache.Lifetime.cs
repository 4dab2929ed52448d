using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;
using SemCache.Core.Eviction;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Prompts;
using SemCache.Core.Requests.Turns;
using SemCache.Core.Storage;

namespace SemCache.Core;

/// <content>Start, recovery and stop.</content>
public sealed partial class SemanticCache
{
    private volatile Engine? _engine;
    private Embedder? _embedder;
    private Verifier? _verifier;
    private EntryLog? _log;
    private ExpirySweeper? _sweeper;
    private Evictor? _evictor;
    private RecallProbe? _probe;
    private MissingVectors? _vectors;
    private SnapshotLoop? _snapshots;
    private Compactor? _compactor;

    private readonly RecoveryProgress _recovery = new();

    /// <summary>Whether lookups are served.</summary>
    public bool IsReady => _engine is not null;

    /// <summary>How much of what a start has to read is read, 0…1.</summary>
    public double RecoveredShare => IsReady ? 1 : _recovery.Share;

    /// <summary>Whether the entry log can be written. While it cannot, lookups go on and stores are refused.</summary>
    public LogStatus LogStatus => _engine?.Log.Status ?? LogStatus.Healthy;

    /// <summary>
    /// What of the entry log the start could not read, and no snapshot knew: until the next start, which has a snapshot of
    /// what is served now.
    /// </summary>
    public LogDamage LogDamage => _engine?.Log.Damage ?? default;

    /// <summary>
    /// Loads the model and, beside it, opens the entry log. Quick; everything that can be wrong with the configuration shows
    /// here.
    /// </summary>
    /// <exception cref="CacheStartupException">The cache cannot be started as it is configured.</exception>
    public void Open()
    {
        if (!CanonicalText.PlatformNormalizes)
        {
            throw new CacheStartupException(
                "The platform does not normalise Unicode: install ICU (libicu) and unset "
                + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }

        SemCacheOptions options = _options.Value;
        Task log = Task.Run(() => _log = OpenLog(options.Storage));
        try
        {
            LoadModel(options.Model);
        }
        finally
        {
            // Even if something is wrong with the model: who then disposes of the cache closes the log with it.
            log.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }

        log.GetAwaiter().GetResult();
        RequireBudgets(options.Storage, _log!);
    }

    /// <summary>
    /// Rebuilds everything from the snapshot of entries and from the log. Lookups and stores are served when
    /// <see cref="IsReady"/>, before it returns: graphs are loaded last, and vectors that are missing then come later.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken = default)
    {
        long started = Stopwatch.GetTimestamp();
        var registry = new PartitionRegistry(
            _limits,
            _metrics,
            new IndexContext(_embedder!.Dimension, _log!, _indexes),
            _log!.Usage,
            _options.Namespace);
        _probe = new RecallProbe(
            _options.Value.Index.ProbeInterval,
            _metrics,
            _time,
            exception => Log.RecallProbeFailed(_logger, exception));
        var turns = new TurnQueue(
            SearchesAtATime(_options.Value, _embedder!, _verifier),
            _limits.MaxConcurrentLookups,
            _limits.SearchWait,
            _metrics,
            _time);
        var engine = new Engine(_embedder, _verifier, _guards, _log!, registry, _probe, turns);
        var snapshots = new EntrySnapshots(
            registry,
            engine.Log,
            _entryIds,
            _embedder.Fingerprint,
            _embedder.Dimension,
            _metrics,
            _loggers.CreateLogger<EntrySnapshots>());
        var recovery = new Recovery(registry, _entryIds, _embedder.Fingerprint, _time.GetUtcNow());
        long from = snapshots.Load(recovery, _recovery.OfSnapshot, cancellationToken);
        ScanReport scan = engine.Log.Recover(recovery, from, _recovery.OfLog, cancellationToken);
        snapshots.DropLost();
        Drop(engine.Log, [.. recovery.OrphanedEntries]);

        var sweeper = new ExpirySweeper(registry, _metrics, _time, _loggers.CreateLogger<ExpirySweeper>());
        sweeper.Sweep();
        Log.Recovered(
            _logger,
            registry.Namespaces.Sum(ns => (long)ns.EntryCount),
            registry.PartitionCount,
            scan.Records,
            Stopwatch.GetElapsedTime(started).TotalSeconds);

        sweeper.Start();
        _sweeper = sweeper;
        _vectors = new MissingVectors(
            engine,
            _options.Value.Model.ReembedRate,
            (index, cancelled) => _indexes.WaitForRoomAsync(index, _maxBacklog, cancelled),
            _time,
            _logger);
        StartedAt = _time.GetUtcNow();
        Budgets budgets = StartBudgets(engine);
        ObserveGauges(engine);
        _engine = engine;
        _options.Changed += AdaptIndexes;
        Log.Ready(_logger, FullPath(_options.Value.Storage.Path));
        StartIndexes(engine, snapshots, scan.Tail, cancellationToken);
        // Not before saved rows and graphs are taken over: what compaction loses of an entry that waits for its vector must not
        // get the row that was saved.
        _compactor = new Compactor(
            engine.Log, engine.Registry, _options.Value.Storage, _metrics, _loggers.CreateLogger<Compactor>());
        _compactor.Start(() => budgets.LogDisk);
    }

    /// <summary><see cref="Open"/> and <see cref="RecoverAsync"/>.</summary>
    /// <exception cref="CacheStartupException">The cache cannot be started as it is configured.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Open();
        return RecoverAsync(cancellationToken);
    }

    /// <summary>
    /// Saves what a quick start needs, while requests are still served: for a host that is about to end them. Does nothing
    /// before the start.
    /// </summary>
    /// <param name="cancellationToken">Gives it up: what was saved before stays good.</param>
    public async Task SaveSnapshotsAsync(CancellationToken cancellationToken)
    {
        if (_snapshots is { } snapshots)
        {
            await snapshots.SaveForStopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Stops serving, saves snapshots, commits what was appended, and closes the log. Once is enough, twice does no harm.
    /// </summary>
    /// <param name="cancellationToken">
    /// Gives up saving snapshots: those that were saved before stay good. What was appended is committed in any case.
    /// </param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _options.Changed -= AdaptIndexes;
        _options.Changed -= AdaptBudgets;
        _engine = null;
        await DisposeAsync(
        [
            Interlocked.Exchange(ref _evictor, null),
            Interlocked.Exchange(ref _compactor, null),
            Interlocked.Exchange(ref _sweeper, null),
            Interlocked.Exchange(ref _vectors, null),
            Interlocked.Exchange(ref _probe, null),
            _indexes,
        ]).ConfigureAwait(false);
        SnapshotLoop? snapshots = Interlocked.Exchange(ref _snapshots, null);
        if (snapshots is not null)
        {
            await GoOnAsync(snapshots, () => new ValueTask(snapshots.StopAsync(cancellationToken))).ConfigureAwait(false);
        }

        await DisposeAsync(
        [
            snapshots,
            Interlocked.Exchange(ref _embedder, null),
            Interlocked.Exchange(ref _verifier, null),
        ]).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _log, null) is { } log)
        {
            await log.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary><see cref="StopAsync"/> within <c>Storage:ShutdownTimeout</c>.</summary>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(ShutdownTimeout);
        await StopAsync(timeout.Token).ConfigureAwait(false);
    }

    private async ValueTask DisposeAsync(IAsyncDisposable?[] parts)
    {
        foreach (IAsyncDisposable? part in parts)
        {
            if (part is not null)
            {
                await GoOnAsync(part, part.DisposeAsync).ConfigureAwait(false);
            }
        }
    }

    // Whatever fails, the log is still to be committed and closed.
    private async ValueTask GoOnAsync(object part, Func<ValueTask> stop)
    {
        try
        {
            await stop().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.StopFailed(_logger, part.GetType().Name, exception);
        }
    }

    private void LoadModel(ModelOptions options)
    {
        string folder = FullPath(options.Path);
        _embedder = Embedder.Load(folder, options, _metrics, _loggers.CreateLogger<Embedder>());
        RequireGuards(folder, _embedder.Manifest.Verifier);
        _verifier = Verifier.Load(folder, _embedder, options, _metrics, _time, _loggers.CreateLogger<Verifier>());
        _options.Use(_embedder.Manifest);
    }

    private EntryLog OpenLog(StorageOptions options) => EntryLog.Open(
        FullPath(options.Path),
        options,
        RecordCodec.LargestRecordBytes(_limits),
        _metrics,
        _loggers.CreateLogger<EntryLog>(),
        _devices);

    // A verifier that was trained with a guard knows nothing of prompts that it has not compared.
    private void RequireGuards(string folder, VerifierManifest? verifier)
    {
        if (verifier?.Guards.FirstOrDefault(name => _guards.IndexOf(name) < 0) is { } unknown)
        {
            throw new CacheStartupException(
                $"The manifest of the model in {folder} is wrong: verifier.guards names {unknown}, which is no guard; "
                + $"allowed are {_guards.Described}.");
        }
    }

    // Dropped for good: were they only left out, the next definition of their partition would bring them back at some
    // later start, past every invalidation in between. Nobody waits for the device: a crash that loses this loses all that
    // stands behind it too, and no snapshot is published before the log is durable up to its end.
    private void Drop(EntryLog log, IReadOnlyCollection<(UInt128 Partition, Guid[] EntryIds)> orphaned)
    {
        if (orphaned.Count == 0)
        {
            return;
        }

        bool isAppended = log.AppendFirst(orphaned.SelectMany(orphans => orphans.EntryIds
            .Chunk(Removal.MaxIdsPerRecord)
            .Select(chunk => log.Codec.EncodeRemove(orphans.Partition, chunk))));
        Log.OrphansDropped(_logger, orphaned.Sum(orphans => (long)orphans.EntryIds.Length));
        if (!isAppended)
        {
            Log.OrphansDroppedLater(_logger);
        }
    }

    // A search keeps a processor busy, but for one that waits for the model's workers: enough of these for full batches.
    private static int SearchesAtATime(SemCacheOptions options, Embedder embedder, Verifier? verifier)
    {
        bool modelRunsInline = embedder.RunsInline && verifier is not { RunsInline: false };
        int waiting = modelRunsInline ? 0 : options.Model.Workers * options.Model.MaxBatchSize;
        return options.Limits.MaxConcurrentSearches ?? Environment.ProcessorCount + waiting;
    }

    private static string FullPath(string path) => Path.GetFullPath(path, AppContext.BaseDirectory);

    internal Engine Require() =>
        _engine ?? throw new CacheUnavailableException("The cache is recovering or stopping; try again shortly.");
}
