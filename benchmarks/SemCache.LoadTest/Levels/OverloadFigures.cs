using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Levels;

/// <summary>What an overload does, compared with the peak and with half of it in the same round.</summary>
/// <param name="Kind">The kind of calls.</param>
/// <param name="Factor">How many times the peak arrived.</param>
/// <param name="GoodputToPeak">Right answers a second as a share of the peak.</param>
/// <param name="EfficiencyToPeak">
/// Right answers for a second of a processor's work in the server, refusals included, as a share of those at the peak; NaN where the
/// server is not this tool's.
/// </param>
/// <param name="P99ToHalfLoad">p99 of what was answered, from when it was due, in p99s at half load.</param>
/// <param name="ServiceP99ToHalfLoad">The same from when it was sent.</param>
/// <param name="Half">At half the peak.</param>
/// <param name="Over">Under overload.</param>
internal sealed record OverloadFigures(
    string Kind,
    double Factor,
    Spread GoodputToPeak,
    Spread EfficiencyToPeak,
    Spread P99ToHalfLoad,
    Spread ServiceP99ToHalfLoad,
    LevelSummary Half,
    LevelSummary Over)
{
    public const double HalfLoad = 0.5;

    /// <param name="half">Rounds at half load.</param>
    /// <param name="over">The same rounds under overload.</param>
    public static OverloadFigures Of(IReadOnlyList<LevelFigures> half, IReadOnlyList<LevelFigures> over) => new(
        over[0].Calls.Target,
        over[0].Share,
        Spread.Of(over.Select(round => round.Goodput)),
        Spread.OfRatios(over.Select(round => round.Calls), over.Select(round => round.AtPeak), calls => calls.RightPerServerSecond),
        Spread.OfRatios(over, half, round => round.Calls.Latency.P99),
        Spread.OfRatios(over, half, round => round.Calls.Service.P99),
        LevelSummary.Of(half),
        LevelSummary.Of(over));

    /// <summary>Prints the levels, then what they come to.</summary>
    public static void Print(string title, IReadOnlyList<OverloadFigures> all)
    {
        LevelSummary.Print(title, all.SelectMany(one => new[] { one.Half, one.Over }));
        Report.Print(
            "Ratios within rounds",
            ["kind", "arriving", "goodput to peak", "right answers for the server's work, to peak", "p99 to half load's", "p99 once sent to half load's"],
            all.Select(f => (string[])
            [
                f.Kind, $"{Report.Number(f.Factor, "0.#")} x peak", f.GoodputToPeak.ToString("0.00"),
                f.EfficiencyToPeak.ToString("0.00"),
                f.P99ToHalfLoad.ToString("0.0"), f.ServiceP99ToHalfLoad.ToString("0.0"),
            ]));
    }
}
