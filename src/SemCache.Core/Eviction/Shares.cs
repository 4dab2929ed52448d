using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction;

/// <summary>
/// Chooses the namespace that gives up an entry for all: each as often as its share of what all hold. What callers claim that
/// their entries are worth counts within their namespace only, and never pushes out another's.
/// </summary>
internal sealed class Shares
{
    private readonly (CacheNamespace Namespace, long Until)[] _holders;
    private readonly long _total;

    /// <param name="namespaces">All namespaces.</param>
    /// <param name="resource">What is held.</param>
    public Shares(IEnumerable<CacheNamespace> namespaces, EvictionReason resource)
    {
        var holders = new List<(CacheNamespace, long)>();
        foreach (CacheNamespace ns in namespaces)
        {
            long held = (resource == EvictionReason.Memory ? ns.Memory : ns.Disk).Bytes;
            if (ns.EntryCount > 0 && held > 0)
            {
                _total += held;
                holders.Add((ns, _total));
            }
        }

        _holders = [.. holders];
    }

    /// <summary>The next namespace; null when nobody holds anything.</summary>
    public CacheNamespace? Next(Random random)
    {
        if (_holders.Length == 0)
        {
            return null;
        }

        long point = random.NextInt64(_total);
        (int low, int high) = (0, _holders.Length - 1);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = point < _holders[middle].Until ? (low, middle) : (middle + 1, high);
        }

        return _holders[low].Namespace;
    }
}
