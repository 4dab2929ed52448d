using SemCache.Core.Partitions;

namespace SemCache.Core.Matching;

/// <summary>What an entry must satisfy to be served for one lookup.</summary>
/// <param name="Now">The time of the lookup.</param>
/// <param name="MaxAge">Oldest age; null for any.</param>
/// <param name="Threshold">Lowest similarity.</param>
/// <param name="Verification">What the verifier is held to; null when it is not asked.</param>
internal readonly record struct MatchCriteria(
    DateTimeOffset Now, TimeSpan? MaxAge, double Threshold, Verification? Verification);

/// <summary>
/// The decisions of a lookup, without the work that leads to them: who may be served, who is, and why not.
/// </summary>
internal static class Matcher
{
    /// <summary>Checks what needs no reading; <see cref="MissReason.None"/> when nothing objects.</summary>
    public static MissReason Judge(Candidate candidate, in MatchCriteria criteria) =>
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

    /// <summary>Whether a candidate to which nothing else objects is the verifier's to judge.</summary>
    public static bool NeedsVerifier(Candidate candidate, in MatchCriteria criteria) =>
        criteria.Verification is { } verification && candidate.Similarity < verification.Certain;

    /// <summary>
    /// Holds candidates to the verifier's bar and chooses the one to serve: the most probable, of equals the most
    /// similar.
    /// </summary>
    /// <param name="candidates">
    /// The candidates that were verified, most similar first; get probability and reason.
    /// </param>
    /// <param name="probabilities">The verifier's answer; null when there is none, and then nobody is served.</param>
    /// <param name="bar">Lowest probability.</param>
    public static Candidate? Choose(IReadOnlyList<Candidate> candidates, float[]? probabilities, double bar)
    {
        Candidate? best = null;
        for (int i = 0; i < candidates.Count; i++)
        {
            Candidate candidate = candidates[i];
            candidate.Probability = probabilities?[i];
            candidate.Reason = candidate.Probability is not { } probability ? MissReason.VerifierUnavailable
                : probability < bar ? MissReason.Unverified
                : MissReason.None;
            if (candidate.Reason == MissReason.None && (best is null || candidate.Probability > best.Probability))
            {
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>
    /// The candidate that the miss reason is about: the most probable of those that were put to the verifier, if any
    /// were; else the nearest. Null when nothing was found.
    /// </summary>
    public static Candidate? Closest(IReadOnlyList<Candidate> candidates) =>
        candidates.Where(candidate => candidate.Reason is MissReason.Unverified or MissReason.VerifierUnavailable)
            .MaxBy(candidate => candidate.Probability)
        ?? candidates.FirstOrDefault();
}
