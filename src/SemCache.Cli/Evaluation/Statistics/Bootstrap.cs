namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>
/// Confidence intervals by resampling lookups with replacement (percentile bootstrap; Efron and Tibshirani, An
/// Introduction to the Bootstrap, chapter 13).
/// </summary>
/// <remarks>
/// A resample is a count for each rank, so the ranking is sorted once and each resample costs one walk along it. Every
/// resample has a random generator of its own, seeded by its number: how many run at once makes no difference.
/// </remarks>
internal static class Bootstrap
{
    private const double Outside = 0.025;

    /// <param name="lookups">The lookups.</param>
    /// <param name="point">The operating point.</param>
    /// <param name="errorBounds">Bounds of the best hit rates.</param>
    /// <param name="resamples">How many resamples; 0 for figures without intervals.</param>
    /// <param name="seed">Makes the intervals repeatable.</param>
    public static EstimatedFigures Run(
        RankedLookups lookups, double point, IReadOnlyList<double> errorBounds, int resamples, int seed)
    {
        var samples = new Figures[resamples];
        Parallel.For(0, resamples, () => new int[lookups.Count], (i, _, weights) =>
        {
            Draw(weights, new Random(HashCode(seed, i)));
            samples[i] = lookups.Figures(weights, point, errorBounds);
            return weights;
        }, _ => { });

        var figures = lookups.Figures(point, errorBounds);
        return new EstimatedFigures(
            Of(figures, samples, f => f.HitRate),
            Of(figures, samples, f => f.ErrorRate),
            Of(figures, samples, f => f.Precision),
            Of(figures, samples, f => f.Recall),
            Of(figures, samples, f => f.AveragePrecision),
            [.. figures.Best.Select((best, b) => new BestEstimate(
                best.ErrorBound, Of(figures, samples, f => f.Best[b].HitRate), best.Threshold))]);
    }

    private static void Draw(int[] weights, Random random)
    {
        Array.Clear(weights);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[random.Next(weights.Length)]++;
        }
    }

    private static Estimate Of(Figures figures, Figures[] samples, Func<Figures, double> figure)
    {
        // A resample without hits has no precision, and says nothing about where precision lies.
        double[] sorted = [.. samples.Select(figure).Where(double.IsFinite).Order()];
        return sorted.Length == 0
            ? new Estimate(figure(figures))
            : new Estimate(figure(figures), Quantile(sorted, Outside), Quantile(sorted, 1 - Outside));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    // Not System.HashCode: that one is seeded anew in every process.
    private static int HashCode(int seed, int resample) => unchecked((seed * 31) + (resample * 7919));
}
