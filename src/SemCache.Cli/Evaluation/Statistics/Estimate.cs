namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>A figure with its 95 % confidence interval; null bounds when it was not resampled.</summary>
internal readonly record struct Estimate(double Value, double? Low = null, double? High = null);

/// <summary>An estimated <see cref="BestHitRate"/>.</summary>
internal sealed record BestEstimate(double ErrorBound, Estimate HitRate, double? Threshold);

/// <summary>Figures with confidence intervals; see <see cref="Figures"/> for what they mean.</summary>
internal sealed record EstimatedFigures(
    Estimate HitRate,
    Estimate ErrorRate,
    Estimate Precision,
    Estimate Recall,
    Estimate AveragePrecision,
    IReadOnlyList<BestEstimate> Best);
