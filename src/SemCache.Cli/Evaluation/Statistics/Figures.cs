namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>What a threshold serves.</summary>
/// <param name="Threshold">Lookups with this score or a higher one hit.</param>
/// <param name="Hits">How many they are.</param>
/// <param name="Wrong">How many of them are wrong.</param>
internal readonly record struct CurvePoint(double Threshold, int Hits, int Wrong);

/// <summary>The highest hit rate of any threshold that keeps a bound on the error rate.</summary>
/// <param name="ErrorBound">Most wrong hits, as a share of all lookups.</param>
/// <param name="HitRate">Hits / all lookups; 0 when every threshold that serves anything breaks the bound.</param>
/// <param name="Threshold">The lowest threshold that keeps it; null when none does.</param>
internal readonly record struct BestHitRate(double ErrorBound, double HitRate, double? Threshold);

/// <summary>Figures of a set of lookups, as shares 0…1. NaN where there is nothing to divide by.</summary>
/// <param name="HitRate">Hits / all lookups, at the operating point.</param>
/// <param name="ErrorRate">Wrong hits / all lookups, at the operating point.</param>
/// <param name="Precision">Right hits / hits, at the operating point.</param>
/// <param name="Recall">Right hits / possible hits, at the operating point.</param>
/// <param name="AveragePrecision">
/// Area below the steps of precision over recall: each right hit contributes the precision of the threshold that just
/// serves it, divided by the possible hits. What no threshold serves ranks last, all of it alike; possible hits of
/// which nobody knows what would have been served contribute nothing.
/// </param>
/// <param name="Best">The best hit rates by error bound.</param>
internal sealed record Figures(
    double HitRate,
    double ErrorRate,
    double Precision,
    double Recall,
    double AveragePrecision,
    IReadOnlyList<BestHitRate> Best);
