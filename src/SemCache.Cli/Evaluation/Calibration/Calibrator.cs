using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Evaluation.Calibration;

/// <summary>Chooses the lowest bar that keeps an error rate, and checks it with data that did not choose it.</summary>
/// <remarks>
/// The number of wrong hits only grows when the bar is lowered, so bars are tested from the strictest on until the
/// first whose exact binomial bound exceeds the error rate. Testing in an order that is fixed beforehand, and stopping
/// at the first failure, keeps the confidence of a single test (fixed sequence testing; Angelopoulos et al., Learn then
/// Test, arXiv 2110.01052).
/// </remarks>
/// <param name="chooses">The earlier part.</param>
/// <param name="checks">The later part; empty for none.</param>
/// <param name="confidence">Of all bounds, above 0 and below 1.</param>
internal sealed class Calibrator(
    IReadOnlyList<JudgedLookup> chooses, IReadOnlyList<JudgedLookup> checks, double confidence)
{
    /// <summary>Bars have four decimals, so that the bar that is written down is the one that was tested.</summary>
    private const double Precision = 1e4;

    /// <summary>The lookups from the first on that choose, and the rest, which checks.</summary>
    public static (IReadOnlyList<JudgedLookup> Chooses, IReadOnlyList<JudgedLookup> Checks) Split(
        IReadOnlyList<JudgedLookup> chronological, double holdout)
    {
        var first = chronological.Count - (int)(holdout * chronological.Count);
        return ([.. chronological.Take(first)], [.. chronological.Skip(first)]);
    }

    public Recommendation Recommend(double maxErrorRate)
    {
        var needed = BinomialBound.TrialsNeeded(maxErrorRate, confidence);
        var judged = PartFigures.WorthOf(chooses);
        if (judged < needed)
        {
            return new Recommendation(maxErrorRate, confidence, Verdict.TooLittleData, needed, judged);
        }

        if (LowestBar(maxErrorRate, judged) is not { } bar)
        {
            return new Recommendation(maxErrorRate, confidence, Verdict.NoBar, needed, judged);
        }

        var check = checks.Count > 0 ? PartFigures.Of(checks, bar, confidence) : null;
        return new Recommendation(
            maxErrorRate, confidence, Judge(check, maxErrorRate), needed, judged, bar,
            !chooses.Any(lookup => lookup.Score < bar), PartFigures.Of(chooses, bar, confidence), check);
    }

    private static Verdict Judge(PartFigures? check, double maxErrorRate) => check switch
    {
        null => Verdict.Unchecked,
        _ when check.AtMost <= maxErrorRate => Verdict.Confirmed,
        _ when check.AtLeast > maxErrorRate => Verdict.Contradicted,
        _ when check.ErrorRate > maxErrorRate => Verdict.Doubtful,
        _ => Verdict.Consistent,
    };

    private double? LowestBar(double maxErrorRate, int judged)
    {
        double? lowest = null;
        var wrong = 0;
        foreach (var group in chooses.Where(lookup => !double.IsNaN(lookup.Score))
            .GroupBy(lookup => Math.Floor(lookup.Score * Precision) / Precision)
            .OrderByDescending(group => group.Key))
        {
            var added = group.Count(lookup => lookup.Right == false);
            wrong += added;
            if (added > 0
                && (wrong > judged || BinomialBound.Upper(wrong, judged, confidence) > maxErrorRate))
            {
                break;
            }

            lowest = group.Key;
        }

        return lowest;
    }
}
