using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>
/// The least frequently used goes, with dynamic aging (LFU-DA: Arlitt et al., "Evaluating Content Management Techniques for
/// Web Proxy Caches", HP Laboratories 1999).
/// </summary>
/// <param name="sample">Some entry of the namespace by a random number; null when there is none.</param>
/// <param name="random">Where random numbers come from.</param>
internal sealed class LfuPolicy(Func<uint, Entry?> sample, Random random) : AgingPolicy(sample, random)
{
    protected override double Worth(Entry entry, int hits) => hits;
}
