using System.Globalization;
using SemCache.Cli.Evaluation.Reporting;
using SemCache.Cli.Output;

namespace SemCache.Cli.Evaluation.Calibration;

/// <summary>A recommendation in sentences.</summary>
internal static class CalibrationText
{
    /// <param name="name">What the bar is: the threshold, or the verifier's probability.</param>
    /// <param name="recommendation">The recommendation.</param>
    public static IEnumerable<string> Of(string name, Recommendation recommendation)
    {
        var target = $"at most {Cells.Percent(recommendation.MaxErrorRate)} of all lookups wrong";
        if (recommendation.Bar is not { } bar)
        {
            yield return recommendation.Verdict == Verdict.TooLittleData
                ? $"{name}: too little data. To prove {target} with {Confidence(recommendation)} confidence takes "
                    + $"{Humanized.Count(recommendation.Needed)} judged lookups without a single wrong hit; there are "
                    + $"{Humanized.Count(recommendation.Judged)}."
                : $"{name}: no bar keeps {target} with {Confidence(recommendation)} confidence.";
            yield break;
        }

        yield return $"{name}: {bar.ToString("0.0000", CultureInfo.InvariantCulture)} for {target}";
        yield return "  chosen with " + Describe(recommendation.Chosen!, recommendation);
        if (recommendation.Check is { } check)
        {
            yield return "  checked with " + Describe(check, recommendation);
        }

        yield return "  " + Conclude(recommendation);
        if (recommendation.IsLowestSeen)
        {
            yield return "  The data has no hit below it, so a lower one may do as well: nothing here tells.";
        }
    }

    private static string Describe(PartFigures part, Recommendation recommendation) =>
        $"{Humanized.Count(part.Lookups)} lookups"
        + (part.Judged < part.Lookups ? $" (judged hits make them worth {Humanized.Count(part.Judged)})" : "")
        + $": {Humanized.Percent(part.Hits, part.Lookups)} hit, {Humanized.Count(part.Wrong)} wrong = "
        + $"{Cells.Percent(part.ErrorRate)}, with {Confidence(recommendation)} confidence at most "
        + Cells.Percent(part.AtMost);

    private static string Conclude(Recommendation recommendation) => recommendation.Verdict switch
    {
        Verdict.Confirmed => "Confirmed: both parts prove the error rate.",
        Verdict.Unchecked => "Not checked: nothing was held back.",
        Verdict.Contradicted =>
            "Contradicted: the part held back shows a higher error rate. What is asked has changed; use newer data.",
        Verdict.Doubtful =>
            "Doubtful: the part held back has more wrong hits than allowed, though chance could explain them. Later "
                + "lookups of a stream meet a fuller cache; allow less, or give more data.",
        _ => "Consistent: the part held back agrees, but is too small to prove the error rate by itself.",
    };

    private static string Confidence(Recommendation recommendation) =>
        (100 * recommendation.Confidence).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
