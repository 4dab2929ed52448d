using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>A lookup and what has to come of it.</summary>
/// <param name="Request">The lookup.</param>
/// <param name="Expected">How it ends.</param>
/// <param name="Response">The response that a hit has to serve; null for a miss.</param>
internal sealed record Probe(LookupRequest Request, Outcome Expected, string? Response)
{
    // A miss that did not go all the way, through embedding and search, would flatter the figures.
    private static readonly MissReason[] _afterSearch =
        [MissReason.BelowThreshold, MissReason.Guarded, MissReason.Unverified];

    /// <summary>What is wrong with the answer; null when it is right.</summary>
    public string? Check(LookupResponse answer)
    {
        if (answer.Outcome != Expected
            || (Expected == Outcome.Miss && !_afterSearch.Contains(answer.MissReason)))
        {
            return $"{Describe(answer.Outcome, answer.MissReason)} instead of {Expected}";
        }

        return answer.Response?.Text == Response ? null : $"{Expected} with the response of another prompt";
    }

    private static string Describe(Outcome outcome, MissReason reason) =>
        reason == MissReason.Unspecified ? $"{outcome}" : $"{outcome} ({reason})";
}
