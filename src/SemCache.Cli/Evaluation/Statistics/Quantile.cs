namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>Quantiles of a few measurements.</summary>
internal static class Quantile
{
    /// <summary>The nearest-rank quantile: a value that was measured, none in between.</summary>
    public static double Of(double[] values, double quantile)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)];
    }
}
