using BitFaster.Caching.Lru;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;

namespace SemCache.Core.Matching;

/// <summary>
/// The latest semantic hits: who asks in the same words again need not be embedded, searched for and verified again.
/// </summary>
/// <remarks>
/// A hit counts only as long as its entry is there and may be served, nothing as similar as the threshold has been added to the
/// partition since, and threshold, guards, verifier and bar are the same. Otherwise a search finds out, and its hit takes the
/// former's place. One thing a search would see that this does not: when others that it was weighed against have gone, one
/// further away is weighed in their place, and may be the more probable.
/// </remarks>
/// <param name="capacity">Hits that are kept; 0 for none.</param>
internal sealed class RecentMatches(int capacity)
{
    // The fewest that the library can keep.
    private const int LeastCapacity = 3;

    private readonly ConcurrentLru<Key, RecentMatch>? _matches =
        capacity > 0 ? new(Math.Max(LeastCapacity, capacity)) : null;

    /// <summary>The candidate that an earlier lookup in the same words was served, if a search would find it again.</summary>
    public Candidate? Find(Lookup lookup, Partition partition) =>
        _matches is not null && IsPlain(lookup) && _matches.TryGet(KeyOf(lookup, partition), out RecentMatch? match)
            ? match.Renew(lookup, partition)
            : null;

    /// <summary>Keeps a hit.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="partition">Where it looked.</param>
    /// <param name="vector">The embedding of its text.</param>
    /// <param name="served">Whom it was served.</param>
    /// <param name="searched">The moment before it searched.</param>
    public void Add(Lookup lookup, Partition partition, float[] vector, Candidate served, SearchMark searched)
    {
        // Where a nearer entry was only too old for this lookup, another might be served that one.
        if (_matches is not null
            && IsPlain(lookup)
            && lookup.Criteria.MaxAge is null
            && partition.Index.Follow(searched))
        {
            _matches.AddOrUpdate(
                KeyOf(lookup, partition),
                new RecentMatch(lookup.Prompt.Text, vector, served, lookup.Criteria, lookup.Guards, searched));
        }
    }

    // Who wants to see candidates wants to see all of them.
    private static bool IsPlain(Lookup lookup) => lookup.Reported == 0;

    private static Key KeyOf(Lookup lookup, Partition partition) => new(partition, lookup.Prompt.TextHash);

    private readonly record struct Key(Partition Partition, UInt128 TextHash);
}
