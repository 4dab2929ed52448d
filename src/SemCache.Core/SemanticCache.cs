using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Configuration;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;
using SemCache.Core.Indexing;
using SemCache.Core.Matching;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Requests;
using SemCache.Core.Requests.Turns;
using SemCache.Core.Storage;

namespace SemCache.Core;

/// <summary>
/// The cache. Ask <see cref="LookupAsync"/> before calling a model; on a miss, call the model and
/// <see cref="StoreAsync"/> what it answered. Safe for concurrent use once <see cref="StartAsync"/> has returned.
/// </summary>
public sealed partial class SemanticCache : IAsyncDisposable
{
    private static readonly TimeSpan _retryRequest = TimeSpan.FromMilliseconds(50);

    private readonly CurrentOptions _options;
    private readonly InstalledGuards _guards;
    private readonly SemCacheMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly LogDeviceFactory? _devices;
    private readonly ILogger _logger;
    private readonly LimitsOptions _limits;
    private readonly RequestValidator _validator;
    private readonly ConcurrencyLimit _lookups;
    private readonly FairConcurrencyLimit _stores;
    private readonly ConcurrencyLimit _waitingStores;
    private readonly ConcurrencyLimit _backups;
    private readonly ConcurrencyLimit _streams;
    private readonly PendingDecisions _decisions;
    private readonly RecentMatches _recent;
    private readonly EntryIds _entryIds = new();
    private readonly IndexMaintenance _indexes;
    private readonly int _maxBacklog;

    internal SemanticCache(
        CurrentOptions options,
        InstalledGuards guards,
        SemCacheMetrics metrics,
        TimeProvider time,
        ILoggerFactory loggers,
        LogDeviceFactory? devices)
    {
        _options = options;
        _guards = guards;
        _metrics = metrics;
        _time = time;
        _loggers = loggers;
        _devices = devices;
        _logger = loggers.CreateLogger<SemanticCache>();
        _limits = options.Value.Limits;
        _validator = new RequestValidator(_limits);
        _lookups = new ConcurrencyLimit(
            "lookups", _limits.MaxConcurrentLookups, nameof(_limits.MaxConcurrentLookups), _retryRequest, metrics);
        _stores = new FairConcurrencyLimit(
            "stores", _limits.MaxConcurrentStores, nameof(_limits.MaxConcurrentStores), _retryRequest, metrics);
        // The rest is for stores that need not wait.
        _waitingStores = new ConcurrencyLimit(
            "waiting stores",
            Math.Max(1, _limits.MaxConcurrentStores / 2),
            nameof(_limits.MaxConcurrentStores) + ", of which half may wait",
            _retryStore,
            metrics);
        _backups = new ConcurrencyLimit("backups", MaxConcurrentBackups, null, _retryBackup, metrics);
        _streams = new ConcurrencyLimit(
            "streams", _limits.MaxConcurrentStreams, nameof(_limits.MaxConcurrentStreams), _retryRequest, metrics);
        _decisions = new PendingDecisions(_limits.MaxPendingDecisions);
        _recent = new RecentMatches(_limits.MaxRecentMatches);
        _maxBacklog = options.Value.Index.MaxBacklog;
        ShutdownTimeout = options.Value.Storage.ShutdownTimeout;
        _indexes = new IndexMaintenance(
            options.Value.Index.Threads, exception => Log.IndexMaintenanceFailed(_logger, exception));
        _metrics.Observe<double>(
            "semcache.recovery.progress", "1", "Share of what a start has to read that is read", () => [new(RecoveredShare)]);
    }

    /// <summary>Finds the response of an equal prompt or of one with the same meaning.</summary>
    /// <exception cref="InvalidRequestException">A field is not allowed; nothing was done.</exception>
    /// <exception cref="LimitReachedException">
    /// Too many lookups are running, or too many wait to search: it could not begin to within <c>Limits:SearchWait</c>.
    /// </exception>
    /// <exception cref="TimeoutException">The deadline passed before work began.</exception>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping.</exception>
    public Task<LookupResult> LookupAsync(LookupQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ValueTask<Task<LookupResult>> lookup = LookUpAsync(query, cancellationToken);
        return lookup.IsCompletedSuccessfully ? lookup.Result : lookup.AsTask().Unwrap();
    }

    /// <summary>Stores a response; returns when it is as durable as the configuration promises.</summary>
    /// <remarks>
    /// Waits before it appends while the partition's index is too far behind (<c>Index:MaxBacklog</c>), and while a budget is
    /// exceeded. Cancelling before the
    /// record is appended stores nothing; afterwards it only ends the wait.
    /// </remarks>
    /// <exception cref="InvalidRequestException">A field is not allowed; nothing was stored.</exception>
    /// <exception cref="LimitReachedException">
    /// Too many stores, namespaces or partitions, no room within a budget, or the device of the log is full. In the last case the response may be in
    /// the cache already and only not durable; the message says so.
    /// </exception>
    /// <exception cref="TimeoutException">The deadline passed before work began; nothing was stored.</exception>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping, or its log cannot be written.</exception>
    public async Task<StoreResult> StoreAsync(StoreCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = SemCacheMetrics.Activities.StartActivity("store");
        Engine engine = Require();
        string ns = _validator.Namespace(command.Namespace);
        string flow = FlowOf(engine.Registry.FindNamespace(ns));
        using FairConcurrencyLimit.Admittance admittance = _stores.Enter(flow);
        RequireTime(command.Deadline);

        NamespaceSettings settings = _options.Namespace(ns);
        TimeSpan ttl = RequestValidator.Ttl(command.Ttl, settings);
        RequestValidator.Response(command.Response);
        RequestValidator.Usage(command.Usage);
        string[] tags = _validator.Tags(command.Tags);
        CanonicalPrompt prompt = _validator.Prompt(command.Prompt);
        var identity = new PartitionIdentity(ns, _validator.Scope(command.Scope), prompt.ContextDigest);
        if (Admission.Refuse(command, settings, _limits) is { } refused)
        {
            _metrics.Store(engine.Registry.FindNamespace(ns)?.Name ?? "", refused, Stopwatch.GetElapsedTime(started));
            return refused;
        }

        float[] vector = VectorOf(command.DecisionId, identity, prompt)
            ?? await EmbedInTurnAsync(engine, flow, prompt.Text, command.Deadline, cancellationToken).ConfigureAwait(false);
        var content = new PutContent(prompt.Source, command.Response, command.Usage, tags);
        Entry entry = await AppendAsync(engine, identity, prompt, content, vector, ttl, cancellationToken)
            .ConfigureAwait(false);
        using (_metrics.Begin("commit"))
        {
            await engine.Log.WaitDurableAsync(entry.Location, cancellationToken).ConfigureAwait(false);
        }

        var result = new StoreResult(entry.Id);
        entry.Partition.Namespace.Counters.Stored();
        _metrics.Store(ns, result, Stopwatch.GetElapsedTime(started));
        return result;
    }

    // A refusal is a task that has failed, for who waits for this one: under overload there are thousands a second, and an
    // exception that is thrown costs more than all the rest of refusing.
    private async ValueTask<Task<LookupResult>> LookUpAsync(LookupQuery query, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = SemCacheMetrics.Activities.StartActivity("lookup");
        Engine engine = Require();
        using ConcurrencyLimit.Admittance admittance = query.IsBulk ? default : _lookups.Enter();
        RequireTime(query.Deadline);

        string ns = _validator.Namespace(query.Namespace);
        NamespaceSettings settings = _options.Namespace(ns);
        RequestValidator.MaxAge(query.MaxAge);
        _validator.Candidates(query.Candidates);
        CanonicalPrompt prompt = _validator.Prompt(query.Prompt);
        var identity = new PartitionIdentity(ns, _validator.Scope(query.Scope), prompt.ContextDigest);
        var criteria = new MatchCriteria(
            _time.GetUtcNow(), query.MaxAge, _validator.Threshold(query.Threshold, settings), settings.Verification);

        CacheNamespace? owner = engine.Registry.FindOrObserve(ns);
        Partition? partition = null;
        owner?.Partitions.TryGetValue(identity, out partition);
        var lookup = new Lookup(engine, query, prompt, criteria, settings.ActiveGuards);
        LookupResult? result = partition is null ? null : FindExact(lookup, partition) ?? FindAgain(lookup, partition);
        if (result is null)
        {
            using Turn turn = await engine.Turns
                .TakeAsync(
                    FlowOf(owner),
                    query.IsBulk ? Urgency.Patient : Urgency.Urgent,
                    query.Deadline,
                    cancellationToken)
                .ConfigureAwait(false);
            if (turn.Refusal is { } refusal)
            {
                return Task.FromException<LookupResult>(refusal);
            }

            result = partition is null
                ? await MissAsync(lookup, identity, cancellationToken).ConfigureAwait(false)
                : await FindSimilarAsync(lookup, partition, cancellationToken).ConfigureAwait(false);
        }

        TimeSpan duration = Stopwatch.GetElapsedTime(started);
        owner?.Counters.Lookup(result, duration);
        _metrics.Lookup(owner?.Name ?? "", result, duration);
        activity?.SetTag("semcache.namespace", ns).SetTag("semcache.outcome", result.Outcome);
        return Task.FromResult(result);
    }

    // A name costs nothing to think up: all that hold no entry count as one.
    private static string FlowOf(CacheNamespace? owner) => owner is { EntryCount: > 0 } ? owner.Name : "";

    private void RequireTime(DateTimeOffset? deadline)
    {
        if (deadline is { } end && end <= _time.GetUtcNow())
        {
            _metrics.Refused("deadline");
            throw new TimeoutException("The deadline had passed when the request came; nothing was done.");
        }
    }

    /// <summary>
    /// Gives a stream of lookups or stores a place; dispose it when the stream ends. The number of streams bounds, together with
    /// <see cref="LimitsOptions.MaxStreamConcurrency"/>, what is <see cref="LookupQuery.IsBulk"/>.
    /// </summary>
    /// <exception cref="LimitReachedException">As many streams as allowed are open.</exception>
    public IDisposable EnterStream() => _streams.Enter();

    private LookupResult? FindExact(Lookup lookup, Partition partition)
    {
        using SemCacheMetrics.Stage stage = _metrics.Begin("exact");
        if (partition.Find(lookup.Prompt.TextHash) is not { } entry
            || Matcher.JudgeAge(entry, lookup.Criteria) != MissReason.None
            || lookup.Engine.Read(entry) is not { } content
            || CanonicalPrompt.MatchedText(content.Prompt) != lookup.Prompt.Text)
        {
            return null;
        }

        return lookup.ExactHit(lookup.Engine.Serve(entry, content));
    }

    private LookupResult? FindAgain(Lookup lookup, Partition partition)
    {
        using SemCacheMetrics.Stage stage = _metrics.Begin("recent");
        return _recent.Find(lookup, partition) is { } served ? lookup.SemanticHit(served, []) : null;
    }

    private async Task<LookupResult> FindSimilarAsync(
        Lookup lookup, Partition partition, CancellationToken cancellationToken)
    {
        Embedding asked = await EmbedAsync(lookup.Engine, lookup.Prompt.Text, cancellationToken).ConfigureAwait(false);
        if (asked.Unread != MissReason.None)
        {
            return lookup.Miss(asked.Unread);
        }

        SearchMark before = partition.Index.Mark();
        var search = new CandidateSearch(_metrics, lookup, partition);
        LookupResult result = await search.RunAsync(asked, cancellationToken).ConfigureAwait(false);
        if (search.Served is { } served)
        {
            _recent.Add(lookup, partition, asked.Vector, served, before);
        }

        RememberMiss(result, partition.Digest, lookup.Prompt, asked);
        return result;
    }

    private async Task<LookupResult> MissAsync(
        Lookup lookup, PartitionIdentity identity, CancellationToken cancellationToken)
    {
        // Embedding here costs the lookup what it saves the store that follows.
        Embedding asked = await EmbedAsync(lookup.Engine, lookup.Prompt.Text, cancellationToken).ConfigureAwait(false);
        if (asked.Unread != MissReason.None)
        {
            return lookup.Miss(asked.Unread);
        }

        LookupResult result = lookup.Miss(MissReason.NoCandidate);
        RememberMiss(result, identity.Digest(), lookup.Prompt, asked);
        return result;
    }

    private void RememberMiss(LookupResult result, UInt128 partition, CanonicalPrompt prompt, Embedding asked)
    {
        if (result.Outcome == LookupOutcome.Miss)
        {
            _decisions.Add(
                result.DecisionId,
                new PendingDecision(PendingDecision.DigestOf(partition, prompt.Text), asked.Vector));
        }
    }

    private float[]? VectorOf(Guid? decisionId, PartitionIdentity identity, CanonicalPrompt prompt)
    {
        if (decisionId is not { } id || !_decisions.TryGet(id, out PendingDecision? decision))
        {
            return null;
        }

        return decision.Asked == PendingDecision.DigestOf(identity.Digest(), prompt.Text)
            ? decision.Vector
            : throw new InvalidRequestException(
                "decision_id",
                "belongs to a lookup of another namespace, scope or prompt; allowed is that of the same, or none");
    }

    private async Task<float[]> EmbedInTurnAsync(
        Engine engine, string flow, string text, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        using Turn turn = await engine.Turns.TakeAsync(flow, Urgency.Patient, deadline, cancellationToken).ConfigureAwait(false);
        if (turn.Refusal is { } refusal)
        {
            throw refusal;
        }

        return (await EmbedAsync(engine, text, cancellationToken).ConfigureAwait(false)).Vector;
    }

    private async Task<Embedding> EmbedAsync(Engine engine, string text, CancellationToken cancellationToken)
    {
        using SemCacheMetrics.Stage stage = _metrics.Begin("embed");
        int[] tokens = engine.Embedder.Tokenize(text, out MissReason unread);
        float[] vector = unread == MissReason.None
            ? await engine.Embedder.EmbedAsync(tokens, cancellationToken).ConfigureAwait(false)
            : [];
        return new Embedding(tokens, vector, unread);
    }

    private async Task<Entry> AppendAsync(
        Engine engine,
        PartitionIdentity identity,
        CanonicalPrompt prompt,
        PutContent content,
        float[] vector,
        TimeSpan ttl,
        CancellationToken cancellationToken)
    {
        using SemCacheMetrics.Stage stage = _metrics.Begin("append");
        while (true)
        {
            // A store that is refused leaves no partition.
            Partition? present = engine.Registry.Find(identity);
            if (vector.Length > 0 && present is not null)
            {
                await WaitForIndexAsync(present.Index, cancellationToken).ConfigureAwait(false);
            }

            await WaitForBudgetsAsync(engine.Registry.FindNamespace(identity.Namespace), cancellationToken)
                .ConfigureAwait(false);
            DateTimeOffset now = _time.GetUtcNow();
            var header = new PutHeader(present?.Digest ?? identity.Digest(), _entryIds.Next(now), prompt.TextHash, now, now + ttl);
            byte[] record = engine.Log.Codec.EncodePut(
                header, new StoredVector(engine.Embedder.Fingerprint, vector), content);
            RequireRoom(engine, identity, present, record.Length, vector.Length > 0);
            cancellationToken.ThrowIfCancellationRequested();
            Partition partition = engine.Registry.GetOrAdd(identity);
            try
            {
                lock (partition.Gate)
                {
                    if (!partition.IsRetired && partition.TryAppend(engine.Log, record, out LogLocation location))
                    {
                        Entry entry = Entry.Of(header, content.Usage?.Saved, location, content.Tags, partition);
                        partition.Apply(entry, vector);
                        _evictor?.NoteAdded(partition.Namespace);
                        return entry;
                    }
                }
            }
            finally
            {
                engine.Registry.RetireIfEmpty(partition);
            }

            await engine.Log.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
