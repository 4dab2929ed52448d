namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>One lookup as statistics see it.</summary>
/// <param name="Score">
/// The lowest threshold that makes it a miss lies just above this; NaN when it is a miss at every threshold.
/// </param>
/// <param name="Right">
/// Whether what it is served when it hits is right. Without a score: whether the only thing that it could be served
/// would have been.
/// </param>
/// <param name="Possible">Whether something right was there to be served.</param>
internal readonly record struct Observation(double Score, bool Right, bool Possible);
