using SemCache.LoadTest.Load;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Peers;

/// <summary>The tables of `peers`: the figures, and what each call does for them.</summary>
internal static class PeerTables
{
    public static void Print(string title, IEnumerable<ScenarioFigures> all)
    {
        Report.Print(
            title,
            ["call", "in flight", "calls/s", "ratio to SemCache's server", "p50", "p99", "p99 to the server's", "other answers", "failed"],
            all.Select(f => (string[])
            [
                f.Scenario, Report.Number(f.InFlight), f.CallsPerSecond.ToString("N0"), f.RatioToBaseline.ToString("0.00"),
                Report.Number(f.P50.Median), Report.Number(f.P99.Median), f.P99RatioToBaseline.ToString("0.00"),
                Report.Number(f.Wrong), Report.Number(f.Failed),
            ]));
        Report.Print(
            "What a call does",
            ["call", "does", "leaves to the caller"],
            PeerNames.Work.Select(work => (string[])[work.Name, work.Does, work.Leaves]));
    }
}
