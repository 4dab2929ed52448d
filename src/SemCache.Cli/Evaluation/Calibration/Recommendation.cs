namespace SemCache.Cli.Evaluation.Calibration;

/// <summary>How far a recommendation can be trusted.</summary>
internal enum Verdict
{
    /// <summary>The part that chose the bar proves it, and so does the part that checked it.</summary>
    Confirmed,

    /// <summary>The part that chose the bar proves it; the check agrees, but is too small to prove it.</summary>
    Consistent,

    /// <summary>The part that chose the bar proves it; nothing was held back to check it.</summary>
    Unchecked,

    /// <summary>The part that checked it has more wrong hits than allowed, though chance could explain them.</summary>
    Doubtful,

    /// <summary>The check shows that the error rate is exceeded: the data changed between the two parts.</summary>
    Contradicted,

    /// <summary>Not even data without a single wrong hit could prove the error rate with so few lookups.</summary>
    TooLittleData,

    /// <summary>No bar keeps the error rate, with the confidence asked for.</summary>
    NoBar,
}

/// <summary>The lowest bar that keeps an error rate.</summary>
/// <param name="MaxErrorRate">Wrong hits among all lookups that are allowed, above 0 and below 1.</param>
/// <param name="Confidence">Of the bound, above 0 and below 1.</param>
/// <param name="Verdict">How far it can be trusted.</param>
/// <param name="Needed">Lookups without a wrong hit that prove the error rate.</param>
/// <param name="Judged">Lookups that the part which chooses is worth.</param>
/// <param name="Bar">The bar; null when there is none to recommend.</param>
/// <param name="IsLowestSeen">Whether the data has no hit below the bar: a lower one may do as well.</param>
/// <param name="Chosen">What the bar does to the part that chose it.</param>
/// <param name="Check">What it does to the part held back; null when there is none.</param>
internal sealed record Recommendation(
    double MaxErrorRate,
    double Confidence,
    Verdict Verdict,
    long Needed,
    int Judged,
    double? Bar = null,
    bool IsLowestSeen = false,
    PartFigures? Chosen = null,
    PartFigures? Check = null)
{
    /// <summary>Whether the bar can be used as it is.</summary>
    public bool IsProved => Verdict is Verdict.Confirmed or Verdict.Consistent or Verdict.Unchecked;
}
