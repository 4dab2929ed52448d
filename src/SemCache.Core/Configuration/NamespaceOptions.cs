using SemCache.Core.Embeddings;
using SemCache.Core.Indexing;
using SemCache.Core.Matching;
using SemCache.Core.Matching.Guards;

namespace SemCache.Core;

/// <summary>Options of one namespace as configured. What is null is taken from the defaults.</summary>
public sealed class NamespaceOptions
{
    /// <summary>
    /// Lowest cosine similarity at which an entry may be considered, −1…1. Default: the model's, a lower one where its
    /// verifier judges what is found than where nothing does.
    /// </summary>
    public double? Threshold { get; set; }

    /// <summary>
    /// Lookups that may be answered wrongly, among all lookups, 0…1 (0.01 is 1 %): translated by the model's
    /// calibration into the probability that the verifier must reach. Default: 0.01.
    /// </summary>
    public double? MaxErrorRate { get; set; }

    /// <summary>Whether the model's verifier, if it has one, judges what guards let pass. Default: true.</summary>
    public bool? Verifier { get; set; }

    /// <summary>
    /// Guards by name: false switches one off. It then neither stops a candidate nor speaks to the verifier. Default:
    /// every guard is on.
    /// </summary>
    public Dictionary<string, bool> Guards { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Lowest threshold that a request may ask for, −1…1. Default: the threshold in force.</summary>
    public double? MinThreshold { get; set; }

    /// <summary>Highest threshold that a request may ask for, −1…1. Default: 1.</summary>
    public double? MaxThreshold { get; set; }

    /// <summary>Time to live of entries that do not bring their own, above zero and at most <see cref="MaxTtl"/>.</summary>
    public TimeSpan? Ttl { get; set; }

    /// <summary>Longest time to live that a store may ask for, above zero and at most 36,500 days.</summary>
    public TimeSpan? MaxTtl { get; set; }

    /// <summary>
    /// Finish reasons whose responses are admitted, compared without regard to case, separated by commas. A response
    /// that names none is always admitted.
    /// </summary>
    public string? AdmittedFinishReasons { get; set; }

    /// <summary>
    /// Bytes of memory for the namespace's entries, at least 1 MiB: beyond it, entries of this namespace are evicted. Default:
    /// only the server's budget bounds it.
    /// </summary>
    public long? MemoryBudget { get; set; }

    /// <summary>
    /// Bytes that the records of the namespace's entries may take in the log, at least 1 MiB: beyond it, entries of this
    /// namespace are evicted. Default: only the server's budget bounds it.
    /// </summary>
    public long? DiskBudget { get; set; }

    /// <summary>How victims are chosen. Counts when the namespace comes into being. Default: <see cref="EvictionPolicy.Cost"/>.</summary>
    public EvictionPolicy? Eviction { get; set; }

    /// <summary>
    /// What of a hit is worth saving, for <see cref="EvictionPolicy.Cost"/>. Counts when the namespace comes into being, at a
    /// start at the latest: savings in two units cannot be compared. Default: <see cref="SavingUnit.Cost"/>.
    /// </summary>
    public SavingUnit? Saving { get; set; }

    /// <summary>How vector indexes are built and searched.</summary>
    public IndexOptions Index { get; set; } = new();
}

/// <summary>How entries are chosen that have to go when a budget is used up.</summary>
public enum EvictionPolicy
{
    /// <summary>The lowest expected saving a byte: what a hit saves, how often and how recently it was hit, what it takes.</summary>
    Cost,

    /// <summary>The least recently used.</summary>
    Lru,

    /// <summary>The least frequently used, with aging.</summary>
    Lfu,

    /// <summary>S3-FIFO: three queues, which keep out what is asked for only once.</summary>
    S3Fifo,
}

/// <summary>What of a hit is worth saving. An entry that does not know counts as the mean of those that do, or as 1.</summary>
public enum SavingUnit
{
    /// <summary><see cref="Usage.Cost"/>.</summary>
    Cost,

    /// <summary>Prompt and completion tokens.</summary>
    Tokens,

    /// <summary><see cref="Usage.Latency"/>.</summary>
    Time,

    /// <summary>Every hit saves the same.</summary>
    Hits,
}

/// <summary>Options of one namespace with every default filled in.</summary>
/// <param name="Threshold">Lowest similarity at which an entry may be considered.</param>
/// <param name="MinThreshold">Lowest threshold that a request may ask for.</param>
/// <param name="MaxThreshold">Highest threshold that a request may ask for.</param>
/// <param name="MaxErrorRate">Lookups that may be answered wrongly, among all lookups.</param>
/// <param name="Verifier">
/// Whether candidates are verified: the namespace wants it, and the model has a verifier.
/// </param>
/// <param name="Guards">Every guard by name, and whether it is on.</param>
/// <param name="Ttl">Time to live of entries that do not bring their own.</param>
/// <param name="MaxTtl">Longest time to live that a store may ask for.</param>
/// <param name="AdmittedFinishReasons">Finish reasons whose responses are admitted.</param>
/// <param name="MemoryBudget">Bytes of memory for the namespace's entries.</param>
/// <param name="DiskBudget">Bytes that the records of the namespace's entries may take in the log.</param>
/// <param name="Eviction">How victims are chosen.</param>
/// <param name="Saving">What of a hit is worth saving.</param>
/// <param name="Index">How vector indexes are built and searched.</param>
public sealed record NamespaceSettings(
    double Threshold,
    double MinThreshold,
    double MaxThreshold,
    double MaxErrorRate,
    bool Verifier,
    IReadOnlyDictionary<string, bool> Guards,
    TimeSpan Ttl,
    TimeSpan MaxTtl,
    IReadOnlyList<string> AdmittedFinishReasons,
    long MemoryBudget,
    long DiskBudget,
    EvictionPolicy Eviction,
    SavingUnit Saving,
    IndexSettings Index)
{
    /// <summary>
    /// The threshold without a verifier, for models whose manifest names none; docs/decisions tells how it was
    /// measured.
    /// </summary>
    public const double DefaultThreshold = 0.96;

    private const double DefaultMaxErrorRate = 0.01;

    /// <summary>Longest time to live that may be configured.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromDays(36_500);

    private static readonly TimeSpan _defaultTtl = TimeSpan.FromDays(30);
    private static readonly TimeSpan _defaultMaxTtl = TimeSpan.FromDays(365);

    /// <summary>How candidates are verified; null when they are not.</summary>
    internal Verification? Verification { get; private init; }

    /// <summary>The guards that are on.</summary>
    internal ActiveGuards ActiveGuards { get; private init; } = ActiveGuards.None;

    /// <summary>
    /// Fills what <paramref name="own"/> leaves open from <paramref name="defaults"/>, then from the model, then from
    /// the product.
    /// </summary>
    internal static NamespaceSettings Resolve(
        NamespaceOptions? own, NamespaceOptions defaults, InstalledGuards guards, ModelManifest? model)
    {
        VerifierManifest? verifier = own?.Verifier ?? defaults.Verifier ?? true ? model?.Verifier : null;
        // Until the model is known, nothing is similar enough.
        double threshold = own?.Threshold ?? defaults.Threshold ?? verifier?.Floor ?? model?.Threshold ?? 1;
        double maxErrorRate = own?.MaxErrorRate ?? defaults.MaxErrorRate ?? DefaultMaxErrorRate;
        TimeSpan maxTtl = own?.MaxTtl ?? defaults.MaxTtl ?? _defaultMaxTtl;
        TimeSpan ttl = own?.Ttl ?? defaults.Ttl ?? (_defaultTtl < maxTtl ? _defaultTtl : maxTtl);
        string finishReasons = own?.AdmittedFinishReasons ?? defaults.AdmittedFinishReasons ?? "stop";
        Dictionary<string, bool> switches = guards.Names.ToDictionary(
            name => name, name => IsOn(name, own?.Guards) ?? IsOn(name, defaults.Guards) ?? true);
        return new NamespaceSettings(
            threshold,
            own?.MinThreshold ?? defaults.MinThreshold ?? threshold,
            own?.MaxThreshold ?? defaults.MaxThreshold ?? 1,
            maxErrorRate,
            verifier is not null,
            switches,
            ttl,
            maxTtl,
            finishReasons.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            own?.MemoryBudget ?? defaults.MemoryBudget ?? long.MaxValue,
            own?.DiskBudget ?? defaults.DiskBudget ?? long.MaxValue,
            own?.Eviction ?? defaults.Eviction ?? EvictionPolicy.Cost,
            own?.Saving ?? defaults.Saving ?? SavingUnit.Cost,
            Resolve(own?.Index, defaults.Index))
        {
            Verification = verifier is null ? null : Verification.Of(verifier, maxErrorRate),
            ActiveGuards = guards.Select(switches),
        };
    }

    private static IndexSettings Resolve(IndexOptions? own, IndexOptions defaults) => new(
        own?.M ?? defaults.M ?? IndexSettings.Default.M,
        own?.EfConstruction ?? defaults.EfConstruction ?? IndexSettings.Default.EfConstruction,
        own?.EfSearch ?? defaults.EfSearch ?? IndexSettings.Default.EfSearch,
        own?.FlatEntries ?? defaults.FlatEntries ?? IndexSettings.Default.FlatEntries);

    private static bool? IsOn(string guard, Dictionary<string, bool>? switches) =>
        switches is not null && switches.TryGetValue(guard, out bool isOn) ? isOn : null;
}
