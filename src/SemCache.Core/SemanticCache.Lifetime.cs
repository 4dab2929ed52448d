using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;
using SemCache.Core.Eviction;
using SemCache.Core.Indexing;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
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
    private RecallProbe? _probe;
    private GraphSnapshots? _snapshots;

    /// <summary>Whether lookups are served.</summary>
    public bool IsReady => _engine is not null;

    /// <summary>Whether the entry log can be written. While it cannot, lookups go on and stores are refused.</summary>
    public LogStatus LogStatus => _engine?.Log.Status ?? LogStatus.Healthy;

    /// <summary>
    /// Loads the model and opens the entry log. Quick; everything that can be wrong with the configuration shows here.
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
        string model = FullPath(options.Model.Path);
        _embedder = Embedder.Load(model, options.Model, _metrics, _loggers.CreateLogger<Embedder>());
        RequireGuards(model, _embedder.Manifest.Verifier);
        _verifier = Verifier.Load(
            model, _embedder, options.Model, _metrics, _time, _loggers.CreateLogger<Verifier>());
        _options.Use(_embedder.Manifest);
        _log = EntryLog.Open(
            FullPath(options.Storage.Path),
            options.Storage,
            RecordCodec.LargestRecordBytes(_limits),
            _metrics,
            _loggers.CreateLogger<EntryLog>(),
            _devices);
    }

    /// <summary>
    /// Rebuilds everything from the entry log. Lookups and stores are served when <see cref="IsReady"/>, before it returns:
    /// graphs are loaded last.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken = default)
    {
        long started = Stopwatch.GetTimestamp();
        var registry = new PartitionRegistry(
            _limits,
            _metrics,
            new IndexContext(_embedder!.Dimension, _log!, _indexes),
            _options.Namespace);
        _probe = new RecallProbe(
            _options.Value.Index.ProbeInterval,
            _metrics,
            _time,
            exception => Log.RecallProbeFailed(_logger, exception));
        var engine = new Engine(_embedder, _verifier, _guards, _log!, registry, _probe);
        var recovery = new Recovery(engine.Registry, _entryIds, _embedder.Fingerprint);
        ScanReport scan = engine.Log.Recover(recovery, cancellationToken);
        await DropAsync(engine.Log, [.. recovery.OrphanedEntries], cancellationToken).ConfigureAwait(false);

        var sweeper = new ExpirySweeper(engine.Registry, _metrics, _time, _loggers.CreateLogger<ExpirySweeper>());
        sweeper.Sweep();
        Log.Recovered(
            _logger,
            engine.Registry.Namespaces.Sum(ns => (long)ns.EntryCount),
            engine.Registry.PartitionCount,
            scan.Records,
            Stopwatch.GetElapsedTime(started).TotalSeconds);
        await new Reembedding(engine, _logger).RunAsync(recovery.NeedEmbedding, cancellationToken).ConfigureAwait(false);

        sweeper.Start();
        _sweeper = sweeper;
        StartedAt = _time.GetUtcNow();
        ObserveGauges(engine);
        _engine = engine;
        _options.Changed += AdaptIndexes;
        Log.Ready(_logger, FullPath(_options.Value.Storage.Path));
        StartIndexes(engine, scan.Tail, cancellationToken);
    }

    /// <summary><see cref="Open"/> and <see cref="RecoverAsync"/>.</summary>
    /// <exception cref="CacheStartupException">The cache cannot be started as it is configured.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Open();
        return RecoverAsync(cancellationToken);
    }

    /// <summary>
    /// Stops serving, saves graphs, commits what was appended, and closes the log. Once is enough, twice does no harm.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _options.Changed -= AdaptIndexes;
        _engine = null;
        IAsyncDisposable?[] parts =
        [
            Interlocked.Exchange(ref _sweeper, null),
            Interlocked.Exchange(ref _probe, null),
            _indexes,
            Interlocked.Exchange(ref _snapshots, null),
            Interlocked.Exchange(ref _embedder, null),
            Interlocked.Exchange(ref _verifier, null),
            Interlocked.Exchange(ref _log, null),
        ];
        foreach (IAsyncDisposable? part in parts)
        {
            if (part is not null)
            {
                await part.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

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
    // later start, past every invalidation in between.
    private async Task DropAsync(
        EntryLog log, IReadOnlyCollection<(UInt128 Partition, Guid[] EntryIds)> orphaned, CancellationToken cancellationToken)
    {
        foreach ((UInt128 partition, Guid[] entryIds) in orphaned)
        {
            foreach (Guid[] chunk in entryIds.Chunk(MaxIdsPerRecord))
            {
                while (!log.TryAppend(log.Codec.EncodeRemove(partition, chunk), out _))
                {
                    await log.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }

        if (orphaned.Count > 0)
        {
            await log.WaitDurableAsync(cancellationToken).ConfigureAwait(false);
            Log.OrphansDropped(_logger, orphaned.Sum(orphans => (long)orphans.EntryIds.Length));
        }
    }

    private static string FullPath(string path) => Path.GetFullPath(path, AppContext.BaseDirectory);

    internal Engine Require() =>
        _engine ?? throw new CacheUnavailableException("The cache is recovering or stopping; try again shortly.");
}
