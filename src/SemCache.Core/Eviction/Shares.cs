using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction;

/// <summary>
/// Chooses the namespace that gives up an entry for all: each as often as its share of what all hold beyond a fair share. Who
/// holds less than a fair share gives nothing, even if it stores nothing while others do. What callers claim that their
/// entries are worth counts within their namespace only, and never pushes out another's.
/// </summary>
internal sealed class Shares
{
    private readonly (CacheNamespace Namespace, long Until)[] _holders;
    private readonly long _total;

    /// <param name="namespaces">All namespaces.</param>
    /// <param name="resource">What is held.</param>
    public Shares(IEnumerable<CacheNamespace> namespaces, EvictionReason resource)
    {
        (CacheNamespace Namespace, long Held)[] holders =
        [
            .. namespaces
                .Where(ns => ns.EntryCount > 0)
                .Select(ns => (ns, (resource == EvictionReason.Memory ? ns.Memory : ns.Disk).Bytes))
                .Where(holder => holder.Bytes > 0),
        ];
        long fairShare = holders.Sum(holder => holder.Held) / Math.Max(1, holders.Length);
        // When all hold the same, all give.
        long floor = holders.Any(holder => holder.Held > fairShare) ? fairShare : 0;
        _holders = new (CacheNamespace, long)[holders.Length];
        for (int i = 0; i < holders.Length; i++)
        {
            _total += Math.Max(0, holders[i].Held - floor);
            _holders[i] = (holders[i].Namespace, _total);
        }
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
