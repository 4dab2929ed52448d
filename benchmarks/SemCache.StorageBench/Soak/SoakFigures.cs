using SemCache.StorageBench.Figures;

namespace SemCache.StorageBench.Soak;

/// <summary>One server under load.</summary>
/// <param name="Name">What it stood for.</param>
/// <param name="Samples">Its seconds.</param>
/// <param name="Lateness">How late calls were sent, in milliseconds.</param>
/// <param name="Wrong">Exact hits with the response of another prompt.</param>
/// <param name="Refused">Calls that were refused.</param>
internal sealed record PhaseFigures(
    string Name, IReadOnlyList<SecondSample> Samples, Quantiles Lateness, int Wrong, int Refused)
{
    /// <summary>Exact hits of the seconds that are chosen.</summary>
    public Quantiles ExactHits(Func<SecondSample, bool> isChosen) => Quantiles.Of(
        Latencies.Merge(Samples.Where(isChosen).Select(sample => sample.ExactHitTimes)));

    /// <summary>Other lookups of the seconds that are chosen.</summary>
    public Quantiles OtherLookups(Func<SecondSample, bool> isChosen) => Quantiles.Of(
        Latencies.Merge(Samples.Where(isChosen).Select(sample => sample.OtherLookupTimes)));
}

/// <summary>What a soak found.</summary>
/// <param name="Plan">What was done.</param>
/// <param name="Held">Entries that the budgets hold.</param>
/// <param name="Before">The server without budgets, before.</param>
/// <param name="Soak">The server at full budgets.</param>
/// <param name="After">The server without budgets, after.</param>
internal sealed record SoakFigures(SoakPlan Plan, int Held, PhaseFigures Before, PhaseFigures Soak, PhaseFigures After)
{
    // At first, memory follows from what the fill has left behind.
    private const double SettledFrom = 0.2;

    /// <summary>Exact hits in seconds with eviction or compaction.</summary>
    public Quantiles BusyExactHits => Soak.ExactHits(IsBusy);

    /// <summary>Exact hits in the seconds of the same server without.</summary>
    public Quantiles QuietExactHits => Soak.ExactHits(second => !IsBusy(second));

    /// <summary>Exact hits of the servers without budgets.</summary>
    public Quantiles ControlExactHits => Quantiles.Of(Latencies.Merge(
        Before.Samples.Concat(After.Samples).Select(sample => sample.ExactHitTimes)));

    /// <summary>Other lookups in seconds with eviction or compaction.</summary>
    public Quantiles BusyOtherLookups => Soak.OtherLookups(IsBusy);

    /// <summary>Other lookups of the servers without budgets.</summary>
    public Quantiles ControlOtherLookups => Quantiles.Of(Latencies.Merge(
        Before.Samples.Concat(After.Samples).Select(sample => sample.OtherLookupTimes)));

    /// <summary>p99 of exact hits while eviction or compaction run, over that of the servers without budgets.</summary>
    public double ExactHitRatio => Ratio(BusyExactHits, ControlExactHits);

    /// <summary>The same of other lookups.</summary>
    public double OtherLookupRatio => Ratio(BusyOtherLookups, ControlOtherLookups);

    /// <summary>Seconds with eviction.</summary>
    public int EvictingSeconds => Soak.Samples.Count(second => second.IsEvicting);

    /// <summary>Seconds with compaction.</summary>
    public int CompactingSeconds => Soak.Samples.Count(second => second.IsCompacting);

    public Trend Resident => TrendOf(second => second.ResidentBytes);

    public Trend Accounted => TrendOf(second => second.AccountedBytes);

    public Trend Folder => TrendOf(second => second.FolderBytes);

    public Trend Live => TrendOf(second => second.LiveBytes);

    /// <summary>Exact hits with the response of another prompt, in all phases.</summary>
    public int Wrong => Before.Wrong + Soak.Wrong + After.Wrong;

    private static bool IsBusy(SecondSample second) => second.IsEvicting || second.IsCompacting;

    private static double Ratio(Quantiles busy, Quantiles control) => control.P99 == 0 ? 0 : busy.P99 / control.P99;

    private Trend TrendOf(Func<SecondSample, double> value) => Trend.Of(
    [
        .. Soak.Samples.Skip((int)(Soak.Samples.Count * SettledFrom)).Select(second => (second.Second, value(second))),
    ]);
}
