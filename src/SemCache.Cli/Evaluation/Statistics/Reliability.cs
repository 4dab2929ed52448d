namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>Predictions whose probabilities lie close together.</summary>
/// <param name="From">Lowest probability, 0…1.</param>
/// <param name="To">Highest probability; belongs to the next bin unless it is 1.</param>
/// <param name="Count">Predictions in the bin.</param>
/// <param name="Predicted">Their mean probability; NaN when there are none.</param>
/// <param name="Observed">The share of them that came true; NaN when there are none.</param>
internal readonly record struct ReliabilityBin(double From, double To, int Count, double Predicted, double Observed);

/// <summary>How well probabilities are calibrated: of all that are given 0.9, nine in ten should come true.</summary>
/// <param name="Bins">Bins of equal width over 0…1.</param>
/// <param name="ExpectedError">
/// Expected calibration error: the mean distance between what a bin predicts and what is observed, weighted by its
/// predictions (Guo et al., On Calibration of Modern Neural Networks, arXiv 1706.04599); NaN without predictions.
/// </param>
internal sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins, double ExpectedError)
{
    public const int BinCount = 10;

    public int Count => Bins.Sum(bin => bin.Count);

    public static Reliability Of(IEnumerable<(double Probability, bool CameTrue)> predictions)
    {
        var byBin = predictions.ToLookup(prediction =>
            Math.Clamp((int)(prediction.Probability * BinCount), 0, BinCount - 1));
        ReliabilityBin[] bins = [.. Enumerable.Range(0, BinCount).Select(i => new ReliabilityBin(
            (double)i / BinCount,
            (double)(i + 1) / BinCount,
            byBin[i].Count(),
            Mean(byBin[i].Select(prediction => prediction.Probability)),
            Mean(byBin[i].Select(prediction => prediction.CameTrue ? 1.0 : 0))))];
        var count = bins.Sum(bin => bin.Count);
        var distance = bins.Where(bin => bin.Count > 0)
            .Sum(bin => bin.Count * Math.Abs(bin.Predicted - bin.Observed));
        return new Reliability(bins, count == 0 ? double.NaN : distance / count);
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();
}
