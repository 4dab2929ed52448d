using SemCache.Core.Indexing;

namespace SemCache.Core.Tests.Support;

/// <summary>Options of namespaces for tests of parts that read few of them.</summary>
internal static class TestSettings
{
    public static NamespaceSettings Of(IndexSettings index) => new(
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
        Eviction: EvictionPolicy.Cost,
        Saving: SavingUnit.Cost,
        Index: index);
}
