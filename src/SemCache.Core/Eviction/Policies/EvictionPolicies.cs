using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>The policies by their names in the configuration.</summary>
internal static class EvictionPolicies
{
    /// <summary>A policy for one namespace.</summary>
    /// <param name="policy">Which.</param>
    /// <param name="sample">Some entry of the namespace by a random number; null when there is none.</param>
    /// <param name="random">Where random numbers come from.</param>
    public static IEvictionPolicy Create(EvictionPolicy policy, Func<uint, Entry?> sample, Random random) => policy switch
    {
        EvictionPolicy.Cost => new CostPolicy(sample, random),
        EvictionPolicy.Lru => new LruPolicy(sample, random),
        EvictionPolicy.Lfu => new LfuPolicy(sample, random),
        EvictionPolicy.S3Fifo => new S3FifoPolicy(),
        _ => throw new ArgumentOutOfRangeException(nameof(policy)),
    };
}
