using SemCache.Core.Configuration;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;

namespace SemCache.Core;

/// <content>What operators ask.</content>
public sealed partial class SemanticCache
{
    /// <summary>When the counters began.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Name of the embedding model; empty before the start.</summary>
    public string ModelName => _engine?.Embedder.Manifest.Name ?? "";

    /// <summary>Bytes between the begin and the tail of the entry log.</summary>
    public long LogBytes => _engine?.Log.Bytes ?? 0;

    /// <summary>The options in force, as configuration keys below <c>SemCache</c> with their effective values.</summary>
    public IReadOnlyDictionary<string, string> EffectiveOptions =>
        Configuration.EffectiveOptions.Describe(_options, Automatic);

    /// <summary>Longest time that a clean stop takes to finish requests and to save snapshots, as read at start.</summary>
    public TimeSpan ShutdownTimeout { get; }

    /// <summary>The limits that requests are held to, as read at start.</summary>
    public LimitsOptions Limits => _limits;

    /// <summary>Reads an entry; null when the namespace has none with this id, or it has expired or is damaged.</summary>
    /// <exception cref="InvalidRequestException">The namespace is no name.</exception>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping.</exception>
    public CachedEntry? GetEntry(string ns, Guid entryId)
    {
        Engine engine = Require();
        Entry? entry = engine.Registry.FindNamespace(_validator.Namespace(ns))?.Find(entryId);
        return entry is null ? null : ReadLive(engine, entry);
    }

    /// <summary>All live entries of a namespace in the order of their ids, from behind <paramref name="after"/> on.</summary>
    /// <exception cref="InvalidRequestException">The namespace is no name.</exception>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping.</exception>
    public IEnumerable<CachedEntry> Export(string ns, Guid after = default)
    {
        Engine engine = Require();
        CacheNamespace? owner = engine.Registry.FindNamespace(_validator.Namespace(ns));
        return owner is null
            ? []
            : owner.Entries
                .Where(entry => entry.Id > after)
                .OrderBy(entry => entry.Id)
                .Select(entry => ReadLive(engine, entry))
                .OfType<CachedEntry>();
    }

    /// <summary>Names of the namespaces that hold entries or were looked up, in ordinal order.</summary>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping.</exception>
    public IReadOnlyList<string> ListNamespaces() =>
        [.. Require().Registry.Namespaces.Select(ns => ns.Name).Order(StringComparer.Ordinal)];

    /// <summary>Figures of one namespace, or of all when the name is empty, in ordinal order of their names.</summary>
    /// <exception cref="InvalidRequestException">The namespace is no name.</exception>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping.</exception>
    public IReadOnlyList<NamespaceStats> GetStats(string ns = "") =>
        [.. Chosen(ns).OrderBy(chosen => chosen.Name, StringComparer.Ordinal).Select(chosen => chosen.ReadStats())];

    // One namespace if it exists, or all when the name is empty.
    private IEnumerable<CacheNamespace> Chosen(string ns)
    {
        PartitionRegistry registry = Require().Registry;
        return ns.Length == 0
            ? registry.Namespaces
            : registry.FindNamespace(_validator.Namespace(ns)) is { } one ? [one] : [];
    }

    private CachedEntry? ReadLive(Engine engine, Entry entry) =>
        !entry.IsRemoved && entry.ExpiresAt > _time.GetUtcNow() && engine.Read(entry) is { } content
            ? entry.ToCachedEntry(content)
            : null;

    // What the server has chosen where no option says it.
    private Dictionary<string, long> Automatic
    {
        get
        {
            var automatic = new Dictionary<string, long>(_budgets?.Automatic ?? new Dictionary<string, long>());
            if (_limits.MaxConcurrentSearches is null && _engine is { } engine)
            {
                automatic["Limits:MaxConcurrentSearches"] = engine.Turns.Turns;
            }

            return automatic;
        }
    }

    private void ObserveGauges(Engine engine)
    {
        IEnumerable<System.Diagnostics.Metrics.Measurement<long>> PerNamespace(Func<CacheNamespace, long> read) =>
            engine.Registry.Namespaces.Select(ns => new System.Diagnostics.Metrics.Measurement<long>(
                read(ns), new KeyValuePair<string, object?>("namespace", ns.Name)));

        _metrics.Observe("semcache.entries", "{entry}", "Live entries", () => PerNamespace(ns => ns.EntryCount));
        _metrics.Observe("semcache.entries.size", "By", "Log bytes of live entries", () => PerNamespace(ns => ns.Disk.Bytes));
        _metrics.Observe("semcache.partitions", "{partition}", "Partitions", () => PerNamespace(ns => ns.Partitions.Count));
        _metrics.Observe(
            "semcache.entries.without_vector",
            "{entry}",
            "Entries whose vector is not in memory yet",
            () => PerNamespace(ns => ns.WithoutVector));
        _metrics.Observe(
            "semcache.index.size",
            "By",
            "Memory of vectors and links",
            () => PerNamespace(ns => ns.SumOfIndexes(index => index.Bytes)));
        _metrics.Observe(
            "semcache.index.linked",
            "{slot}",
            "Slots in graphs",
            () => PerNamespace(ns => ns.SumOfIndexes(index => index.Linked)));
        _metrics.Observe(
            "semcache.index.backlog",
            "{slot}",
            "Slots that wait to be linked or taken out",
            () => PerNamespace(ns => ns.SumOfIndexes(index => index.Backlog)));
        _metrics.Observe<double>(
            "semcache.index.recall",
            "1",
            "Share of the last 1,000 compared lookups whose search found the nearest entry",
            () => engine.Probe.Recall is { } recall ? [new(recall)] : []);
        _metrics.Observe("semcache.turns.running", "{request}", "Searches under way", () => engine.Turns.Running);
        _metrics.Observe("semcache.turns.waiting", "{request}", "Requests that wait to search", () => engine.Turns.Waiting);
        ObserveBudgets(engine, _budgets!);
        _metrics.Observe("semcache.log.size", "By", "Bytes of the entry log", () => engine.Log.Bytes);
        _metrics.Observe(
            "semcache.log.state",
            "1",
            "Whether the entry log can be written: 0 yes, 1 its device is full, 2 it fails",
            () => (long)engine.Log.Status.State);
        _metrics.Observe(
            "semcache.log.live", "By", "Bytes of the entry log that live entries take", () => engine.Log.Usage.LiveBytes);
        _metrics.Observe<double>(
            "semcache.log.live_ratio",
            "1",
            "Share of the entry log that live entries take",
            () => engine.Log.Bytes is > 0 and long bytes ? [new((double)engine.Log.Usage.LiveBytes / bytes)] : []);
        _metrics.Observe(
            "semcache.log.uncommitted", "{record}", "Records waiting for a commit", () => engine.Log.UncommittedRecords);
        _metrics.Observe(
            "semcache.embedding.queue", "{prompt}", "Prompts waiting for the model", () => engine.Embedder.QueueLength);
        if (engine.Verifier is { } verifier)
        {
            _metrics.Observe(
                "semcache.verifier.queue", "{lookup}", "Lookups waiting for the verifier", () => verifier.QueueLength);
        }

        _metrics.Observe("semcache.lookups.running", "{lookup}", "Lookups running", () => _lookups.Running);
        _metrics.Observe("semcache.stores.running", "{store}", "Stores running", () => _stores.Running);
    }
}
