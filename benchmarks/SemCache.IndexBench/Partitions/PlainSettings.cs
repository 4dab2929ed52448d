using SemCache.Core;
using SemCache.Core.Indexing;

namespace SemCache.IndexBench.Partitions;

/// <summary>Options of namespaces that nothing is asked of: their entries and indexes are measured by themselves.</summary>
internal static class PlainSettings
{
    public static NamespaceSettings Of(EvictionPolicy eviction) => new(
        Threshold: 1,
        MinThreshold: 1,
        MaxThreshold: 1,
        MaxErrorRate: 0,
        Verifier: false,
        Guards: new Dictionary<string, bool>(),
        Ttl: NamespaceSettings.LongestTtl,
        MaxTtl: NamespaceSettings.LongestTtl,
        AdmittedFinishReasons: [],
        MemoryBudget: long.MaxValue,
        DiskBudget: long.MaxValue,
        Eviction: eviction,
        Saving: SavingUnit.Cost,
        Index: IndexSettings.Default);
}
