using SemCache.Cli.Evaluation.Statistics;
using SemCache.Core;

namespace SemCache.Cli.Evaluation.Running;

/// <summary>An entry that a lookup compared.</summary>
/// <param name="Text">Its prompt.</param>
/// <param name="Right">Whether its answer serves the prompt that was looked up.</param>
/// <param name="Report">What the engine says about it.</param>
internal sealed record ComparedEntry(string Text, bool Right, CandidateReport Report);

/// <summary>A lookup that was made, and how it compares with what would have been right.</summary>
/// <param name="Asked">The prompt that was looked up.</param>
/// <param name="ClassName">Its class as the data calls it.</param>
/// <param name="Served">The prompt whose answer was served; null on a miss.</param>
/// <param name="Right">Whether that answer is right; on a miss, whether the only one there would have been.</param>
/// <param name="Possible">Whether a right answer was in the cache.</param>
/// <param name="Score">What a bar is compared with, NaN when nothing was served; see <see cref="ScoreOf"/>.</param>
/// <param name="Outcome">How the engine decided.</param>
/// <param name="Reason">Why it was a miss.</param>
/// <param name="Similarity">Of the entry served, or of the nearest on a miss; null when nothing was compared.</param>
/// <param name="Probability">The verifier's probability; null when it was not asked.</param>
/// <param name="Nearest">The nearest entries, best first.</param>
internal sealed record LookupRecord(
    string Asked,
    string ClassName,
    string? Served,
    bool Right,
    bool Possible,
    double Score,
    LookupOutcome Outcome,
    MissReason Reason,
    double? Similarity,
    double? Probability,
    IReadOnlyList<ComparedEntry> Nearest)
{
    public Observation Observation => new(Score, Right, Possible);

    /// <summary>
    /// What the bar of a lookup's policy is compared with. An equal prompt passes every bar. Where a verifier judges,
    /// it is its probability, and 1 for what is near enough to be served unverified; else it is the similarity.
    /// </summary>
    public static double ScoreOf(LookupResult result) => result switch
    {
        { Outcome: LookupOutcome.Miss } => double.NaN,
        { Outcome: LookupOutcome.ExactHit } => 1,
        { Bar: not null } => result.Probability ?? 1,
        _ => result.Similarity,
    };
}
