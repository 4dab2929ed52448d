using SemCache.LoadTest.Load;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Sizes;

/// <summary>What was measured with a number of entries.</summary>
/// <param name="Entries">How many.</param>
/// <param name="FillSeconds">What storing those took that were not there at the size before.</param>
/// <param name="LinkSeconds">What linking the last of them took after that.</param>
/// <param name="Rewordings">What became of rewordings.</param>
/// <param name="ProbesMade">Searches of this size that the server compared with a scan of all entries.</param>
/// <param name="ProbesFound">Of these, those that had found the nearest entry.</param>
/// <param name="Scenarios">`ping`, `exact` and `semantic`, one at a time and many in flight.</param>
internal sealed record SizeFigures(
    int Entries,
    double FillSeconds,
    double LinkSeconds,
    Findings Rewordings,
    double ProbesMade,
    double ProbesFound,
    IReadOnlyList<ScenarioFigures> Scenarios)
{
    /// <summary>The figures of a kind, with so many in flight.</summary>
    public ScenarioFigures Of(string kind, int inFlight) =>
        Scenarios.Single(scenario => scenario.Scenario == kind && scenario.InFlight == inFlight);

    /// <summary>Prints a row for each size and kind, then how each size came about and what was found at it.</summary>
    public static void Print(string title, SizePlan plan, IReadOnlyList<SizeFigures> all)
    {
        Report.Print(
            title,
            ["kind", "entries", "p50 alone", "p99 alone", "p99.9 alone", $"calls/s, {plan.InFlight} in flight", "ratio to ping",
                "p99 loaded", "wrong", "failed"],
            SizeRun.Kinds.SelectMany(kind => all.Select(size => Row(kind, size, plan.InFlight))));
        Report.Print(
            "Rewordings, and how the sizes came about",
            ["entries", "asked", "own among ten nearest", "answered with own", "answered with another's",
                "nearest found, of the server's probes", "fill, s", "rest of linking, s"],
            all.Select(size => (string[])
            [
                Report.Number(size.Entries), Report.Number(size.Rewordings.Asked),
                Report.Number(size.Rewordings.RecallAtTen, "0.0000"), Report.Number(size.Rewordings.ServedShare, "0.0000"),
                Report.Number(size.Rewordings.ErrorRate, "0.0000"),
                $"{Report.Number(size.ProbesFound)} of {Report.Number(size.ProbesMade)}",
                Report.Number(size.FillSeconds, "N1"), Report.Number(size.LinkSeconds, "N1"),
            ]));
    }

    private static string[] Row(string kind, SizeFigures size, int inFlight)
    {
        ScenarioFigures alone = size.Of(kind, SizeRun.Alone);
        ScenarioFigures loaded = size.Of(kind, inFlight);
        return
        [
            kind, Report.Number(size.Entries), alone.P50.ToString("N0"), Report.Number(alone.P99.Median),
            Report.Number(alone.P999.Median), loaded.CallsPerSecond.ToString("N0"), loaded.RatioToBaseline.ToString("0.000"),
            Report.Number(loaded.P99.Median), Report.Number(alone.Wrong + loaded.Wrong),
            Report.Number(alone.Failed + loaded.Failed),
        ];
    }
}
