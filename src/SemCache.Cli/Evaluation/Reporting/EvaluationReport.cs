using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>Everything that an evaluation found, as it is shown and written.</summary>
/// <param name="Mode">How the data was used: <c>stream</c> or <c>pairs</c>.</param>
/// <param name="Insert">What was stored after a lookup; null in pairs mode.</param>
/// <param name="Resamples">Resamples of the bootstrap; 0 for none.</param>
/// <param name="Seed">Of everything that is drawn by chance.</param>
/// <param name="Sets">One for each data set and model.</param>
internal sealed record EvaluationReport(
    string Mode, string? Insert, int Resamples, int Seed, IReadOnlyList<SetReport> Sets);

/// <summary>A data set evaluated with one model.</summary>
internal sealed record SetReport(
    string Name,
    string Kind,
    string Model,
    int Lookups,
    int Noise,
    double LookupsPerSecond,
    double Seconds,
    IReadOnlyList<PolicyReport> Policies);

/// <summary>A data set evaluated with one model and one policy.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Title">What it is called in tables.</param>
/// <param name="OperatingPoint">
/// The bar that the figures without an error bound belong to; null when the engine applied its own.
/// </param>
/// <param name="Possible">Lookups for which a right answer was in the cache.</param>
/// <param name="Figures">The figures.</param>
/// <param name="Stages">What decided, most frequent first.</param>
/// <param name="Curve">The curve over bars; thinned out where it is long.</param>
/// <param name="OverTime">The error rate while the cache fills; empty in pairs mode.</param>
/// <param name="Reliability">How well the verifier's probabilities are calibrated; null where it was not asked.</param>
/// <param name="Examples">Lookups to read.</param>
internal sealed record PolicyReport(
    string Policy,
    string Title,
    double? OperatingPoint,
    int Possible,
    EstimatedFigures Figures,
    IReadOnlyList<StageCount> Stages,
    IReadOnlyList<CurvePoint> Curve,
    IReadOnlyList<ErrorSoFar> OverTime,
    Reliability? Reliability,
    ExampleLists Examples);

/// <summary>How many lookups a stage decided, at the operating point.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="RightHits">Hits with a right answer.</param>
/// <param name="WrongHits">Hits with a wrong one.</param>
/// <param name="MissedPossible">Misses although a right answer was in the cache.</param>
/// <param name="OtherMisses">Misses that had to be.</param>
internal sealed record StageCount(string Stage, int RightHits, int WrongHits, int MissedPossible, int OtherMisses)
{
    public int Lookups => RightHits + WrongHits + MissedPossible + OtherMisses;
}

/// <summary>A lookup to read.</summary>
/// <param name="Asked">What was looked up.</param>
/// <param name="Entry">The entry that it is about: the one served, stopped or missed.</param>
/// <param name="ClassName">The class of what was looked up, where the data names it.</param>
/// <param name="Similarity">Of the two, −1…1.</param>
/// <param name="Probability">The verifier's, 0…1; null when it was not asked.</param>
/// <param name="Stage">What decided.</param>
/// <param name="Detail">What a guard found, or whether what it stopped would have been right; else empty.</param>
internal sealed record Example(
    string Asked, string Entry, string ClassName, double? Similarity, double? Probability, string Stage, string Detail);

/// <summary>Lookups to read, at the operating point.</summary>
/// <param name="WrongHits">The wrong hits with the highest scores.</param>
/// <param name="Misses">Possible hits that were missed, those with the lowest scores first.</param>
/// <param name="Stopped">What guards stopped although it was near enough, nearest first.</param>
/// <param name="RightHits">Right hits by meaning, those with the lowest similarity first.</param>
internal sealed record ExampleLists(
    IReadOnlyList<Example> WrongHits,
    IReadOnlyList<Example> Misses,
    IReadOnlyList<Example> Stopped,
    IReadOnlyList<Example> RightHits);
