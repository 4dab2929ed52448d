namespace SemCache.Core;

/// <summary>
/// Everything that can be configured, bound from the section <c>SemCache</c>. <see cref="Model"/>,
/// <see cref="Storage"/>, <see cref="Index"/> and the limits on counts and sizes are read at start; the options of
/// namespaces follow the configuration while the server runs.
/// </summary>
public sealed class SemCacheOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "SemCache";

    /// <summary>The embedding model. Read at start.</summary>
    public ModelOptions Model { get; set; } = new();

    /// <summary>The entry log. Read at start.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>Sizes, counts and concurrency. Read at start.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>Background work on the vector indexes. Read at start.</summary>
    public IndexMaintenanceOptions Index { get; set; } = new();

    /// <summary>Options of every namespace that does not set its own.</summary>
    public NamespaceOptions NamespaceDefaults { get; set; } = new();

    /// <summary>Options by namespace. Names that differ only in case share their options.</summary>
    public Dictionary<string, NamespaceOptions> Namespaces { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The embedding model and how it is run.</summary>
public sealed class ModelOptions
{
    /// <summary>Folder of the model; relative to the program's folder. Default: <c>models/semcache-mini</c>.</summary>
    public string Path { get; set; } = "models/semcache-mini";

    /// <summary>Batches that ONNX Runtime may run at the same time, 1…256. Default: half of the processors, at least 1.</summary>
    public int Workers { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Threads that one batch may use inside the model, 1…256. Default: 1.</summary>
    public int ThreadsPerWorker { get; set; } = 1;

    /// <summary>Most prompts in one batch, 1…1024. Default: 32.</summary>
    public int MaxBatchSize { get; set; } = 32;

    /// <summary>Most tokens in one batch, padding included, 64…1,048,576. Default: 8,192.</summary>
    public int MaxBatchTokens { get; set; } = 8192;

    /// <summary>Most prompts that may wait for the model, 1…1,000,000. Default: 10,000.</summary>
    public int MaxQueueLength { get; set; } = 10_000;

    /// <summary>
    /// Entries a second that are embedded again, in the background, after the model was changed, 1…1,000,000.
    /// Default: 2,000.
    /// </summary>
    public int ReembedRate { get; set; } = 2000;

    /// <summary>
    /// Longest time that a lookup waits for a verifier in ONNX Runtime, queueing included, 1 ms…1 min. After it the lookup
    /// misses. Default: 100 ms.
    /// </summary>
    public TimeSpan VerifierTimeout { get; set; } = TimeSpan.FromMilliseconds(100);
}

/// <summary>When a store is acknowledged.</summary>
public enum Durability
{
    /// <summary>After the log is written through to the device.</summary>
    Commit,

    /// <summary>At once; the log is written through every <see cref="StorageOptions.CommitInterval"/>.</summary>
    Periodic,

    /// <summary>At once; the log is written through when its memory fills and at a clean stop.</summary>
    None,
}

/// <summary>The entry log.</summary>
public sealed class StorageOptions
{
    internal const int MinPagesInMemory = 4;
    internal const int MinSegments = 8;
    internal const long MinMemoryBudget = 64L << 20;
    internal const long MinEntryMemory = 8L << 20;

    /// <summary>Of a budget of memory, bytes for entries: what hot responses and the log's write buffer leave.</summary>
    internal long EntryMemoryOf(long budget) => (long)(budget * (1 - HotResponseShare)) - MemorySize;

    /// <summary>Folder of the log; relative to the program's folder. Default: <c>data</c>.</summary>
    public string Path { get; set; } = "data";

    /// <summary>When a store is acknowledged. Default: <see cref="Durability.Commit"/>.</summary>
    public Durability Durability { get; set; } = Durability.Commit;

    /// <summary>Time between commits when <see cref="Durability.Periodic"/>, 1 ms…1 min. Default: 100 ms.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Bytes of a log page, a power of two, 64 KiB…1 GiB. The largest record must fit into one. Fixed when the log is
    /// created. Default: 4 MiB.
    /// </summary>
    public long PageSize { get; set; } = 4L << 20;

    /// <summary>Bytes of the log's write buffer, a power of two, at least four pages. Default: 32 MiB.</summary>
    public long MemorySize { get; set; } = 32L << 20;

    /// <summary>
    /// Bytes of one log file, a power of two, at least one page. Fixed when the log is created. Default: 256 MiB.
    /// </summary>
    public long SegmentSize { get; set; } = 256L << 20;

    /// <summary>
    /// Bytes of memory for entries, their vectors and graphs, responses that are kept at hand, and the log's write buffer;
    /// 64 MiB…16 TiB, of which <see cref="HotResponseShare"/> and <see cref="MemorySize"/> leave 8 MiB. The model and the runtime come on top. Beyond it, entries are evicted. Default: half of the memory
    /// that the process may use.
    /// </summary>
    public long? MemoryBudget { get; set; }

    /// <summary>
    /// Bytes of the folder: log and snapshots; at least eight segments of the log as it was created, at most 1 PiB. Snapshots
    /// never leave the log less than a quarter of it. Beyond it, entries are evicted and
    /// the log is compacted. Default: 80 % of what the folder takes at start and of what is free beside it.
    /// </summary>
    public long? DiskBudget { get; set; }

    /// <summary>
    /// Share of <see cref="MemoryBudget"/> for responses that were served lately, 0…0.9. The rest is read from the log.
    /// Default: 0.2.
    /// </summary>
    public double HotResponseShare { get; set; } = 0.2;

    /// <summary>
    /// Share of the log that live entries take at the least, 0.1…0.9: below it the oldest segments are compacted. It bounds
    /// what is written again for every byte that is stored by ratio / (1 − ratio). Default: 0.6.
    /// </summary>
    public double LiveRatio { get; set; } = 0.6;

    /// <summary>
    /// Bytes a second that compaction reads at the most while the log is within <see cref="DiskBudget"/>, 1 MiB…1 TiB.
    /// Default: 64 MiB.
    /// </summary>
    public long CompactionRate { get; set; } = 64L << 20;

    /// <summary>
    /// Time after which what has changed is saved beside the log for a quick start, 1 s…1 day: entries, and graphs of large
    /// partitions. Default: 5 min.
    /// </summary>
    public TimeSpan SnapshotInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Longest time that a clean stop takes to finish requests and to save snapshots, 1 s…1 h. What was stored is committed
    /// whatever it takes, unless the device cannot take it for so long. Default: 30 s.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Sizes, counts and concurrency. Everything beyond a limit is refused, nothing is cut.</summary>
public sealed class LimitsOptions
{
    /// <summary>Bytes of a prompt as UTF-8, all messages together, 1…64 MiB. Default: 256 KiB.</summary>
    public int MaxPromptBytes { get; set; } = 256 << 10;

    /// <summary>Messages of a conversation, 1…100,000. Default: 1,000.</summary>
    public int MaxMessages { get; set; } = 1000;

    /// <summary>Bytes of a response, 1…256 MiB. Default: 1 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 1 << 20;

    /// <summary>Attributes of a scope, 0…10,000. Default: 64.</summary>
    public int MaxScopeAttributes { get; set; } = 64;

    /// <summary>Bytes of a scope, keys and values together, 0…64 MiB. Default: 256 KiB.</summary>
    public int MaxScopeBytes { get; set; } = 256 << 10;

    /// <summary>Tags of an entry or a filter, 0…10,000. Default: 64.</summary>
    public int MaxTags { get; set; } = 64;

    /// <summary>Bytes of one tag, 1…65,536. Default: 256.</summary>
    public int MaxTagBytes { get; set; } = 256;

    /// <summary>Namespaces that may exist, 1…1,000,000. Default: 1,000.</summary>
    public int MaxNamespaces { get; set; } = 1000;

    /// <summary>Partitions that may exist, 1…100,000,000. Default: 1,000,000.</summary>
    public int MaxPartitions { get; set; } = 1_000_000;

    /// <summary>
    /// Lookups that may run at the same time, 1…1,000,000. Of one namespace no more wait to search than there are places free.
    /// Default: 1,024.
    /// </summary>
    public int MaxConcurrentLookups { get; set; } = 1024;

    /// <summary>
    /// Searches that may run at the same time, embedding and verifying included, 1…100,000. Default: null, for as many as there are
    /// processors, and as fill the batches of a model that has workers of its own.
    /// </summary>
    public int? MaxConcurrentSearches { get; set; }

    /// <summary>
    /// Longest time that a lookup waits until its search begins, 1 ms…1 min; or as long as eight searches take, if that is longer.
    /// One that would wait longer, as searches go at that moment, is refused at once. Default: 10 ms.
    /// </summary>
    public TimeSpan SearchWait { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Stores that may run at the same time, 1…1,000,000. Of one namespace no more are let in than leave as many places free; all that
    /// hold no entry count as one. Default: 1,024.
    /// </summary>
    public int MaxConcurrentStores { get; set; } = 1024;

    /// <summary>Candidates that a lookup may report, 0…1,000. Default: 100.</summary>
    public int MaxCandidates { get; set; } = 100;

    /// <summary>Entry ids that one invalidation may name, 1…1,000,000. Default: 10,000.</summary>
    public int MaxInvalidateIds { get; set; } = 10_000;

    /// <summary>
    /// Streams of lookups or stores that may be open at the same time, 1…100,000. Times <see cref="MaxStreamConcurrency"/>, this
    /// many items may wait. Default: 128.
    /// </summary>
    public int MaxConcurrentStreams { get; set; } = 128;

    /// <summary>Items of one stream that are worked on at the same time, 1…10,000. Default: 64.</summary>
    public int MaxStreamConcurrency { get; set; } = 64;

    /// <summary>Decisions whose embedding is kept for the store that follows, 3…10,000,000. Default: 10,000.</summary>
    public int MaxPendingDecisions { get; set; } = 10_000;

    /// <summary>
    /// Semantic hits that are kept for who asks in the same words again, 0…10,000,000. Default: 10,000.
    /// </summary>
    public int MaxRecentMatches { get; set; } = 10_000;
}
