namespace SemCache.Cli.Evaluation.Calibration;

/// <summary>A lookup that a bar is chosen with.</summary>
/// <param name="Score">Lookups hit when this reaches the bar; NaN for one that no bar would make a hit.</param>
/// <param name="Right">Whether what it is served is right; null when nobody said.</param>
internal readonly record struct JudgedLookup(double Score, bool? Right);
