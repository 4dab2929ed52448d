using MathNet.Numerics.Distributions;

namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>
/// Exact one-sided bounds on a rate, given how often it was observed (Clopper and Pearson, The Use of Confidence or
/// Fiducial Limits Illustrated in the Case of the Binomial, 1934).
/// </summary>
internal static class BinomialBound
{
    /// <summary>The rate that the true one does not exceed, with the given confidence.</summary>
    /// <param name="observed">How often it happened, 0…<paramref name="trials"/>.</param>
    /// <param name="trials">How often it could have; 0 proves nothing and gives 1.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    public static double Upper(int observed, int trials, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(observed, trials);
        if (observed == trials)
        {
            return 1;
        }

        // The closed form of no observation; also where a search for the quantile is least exact.
        return observed == 0
            ? -double.ExpM1(Math.Log(1 - confidence) / trials)
            : Beta.InvCDF(observed + 1, trials - observed, confidence);
    }

    /// <summary>The rate below which the true one is not, with the given confidence; see <see cref="Upper"/>.</summary>
    public static double Lower(int observed, int trials, double confidence) =>
        trials == 0 ? 0 : 1 - Upper(trials - observed, trials, confidence);

    /// <summary>The fewest trials after which not having observed anything proves that a rate is kept.</summary>
    public static long TrialsNeeded(double rate, double confidence) =>
        (long)Math.Ceiling(Math.Log(1 - confidence) / Math.Log(1 - rate));
}
