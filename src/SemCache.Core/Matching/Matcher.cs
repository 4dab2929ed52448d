using SemCache.Core.Indexing;
using SemCache.Core.Partitions;

namespace SemCache.Core.Matching;

/// <summary>What an entry must satisfy to be served for one lookup.</summary>
/// <param name="Now">The time of the lookup.</param>
/// <param name="MaxAge">Oldest age; null for any.</param>
/// <param name="Threshold">Lowest similarity.</param>
internal readonly record struct MatchCriteria(DateTimeOffset Now, TimeSpan? MaxAge, double Threshold);

/// <summary>
/// Decides whether an entry may be served. The checks run cheapest first; the first that objects gives the reason.
/// </summary>
internal static class Matcher
{
    /// <summary>Checks a candidate of the semantic search; <see cref="MissReason.None"/> when nothing objects.</summary>
    public static MissReason Judge(in ScoredEntry candidate, in MatchCriteria criteria) =>
        candidate.Similarity >= criteria.Threshold
            ? JudgeAge(candidate.Entry, criteria)
            : MissReason.BelowThreshold;

    /// <summary>Checks what an exact match must satisfy too.</summary>
    public static MissReason JudgeAge(Entry entry, in MatchCriteria criteria)
    {
        if (entry.ExpiresAt <= criteria.Now)
        {
            return MissReason.Expired;
        }

        return criteria.MaxAge is { } maxAge && criteria.Now - entry.CreatedAt > maxAge
            ? MissReason.TooOld
            : MissReason.None;
    }
}
