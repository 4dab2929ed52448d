using SemCache.LoadTest.Reporting;

namespace SemCache.IndexBench.Live;

/// <summary>The figures of a live run for people.</summary>
internal static class LiveTables
{
    public static void Print(LiveFigures figures)
    {
        LivePlan plan = figures.Plan;
        Report.Print(
            $"{plan.Entries:N0} entries of {plan.Dimension} components, ef {plan.Ef}, threshold {plan.Threshold:0.00}: "
            + "one thread searches, microseconds",
            ["", "searches/s", "p50", "p99", "p99.9", "max", "pauses ms"],
            [
                Row("without writes", figures.Quiet),
                Row($"with {plan.Writes} adds and removes a second", figures.Busy),
            ]);
        Report.Print(
            $"Hits and misses: medians of {plan.Rounds} rounds, microseconds",
            ["hit", "miss", "miss / hit", "queries that hit", "that miss"],
            [[
                Report.Number(figures.Costs.Hits.Median ?? 0, "N1"),
                Report.Number(figures.Costs.Misses.Median ?? 0, "N1"),
                Report.Number(figures.Costs.MissToHit ?? 0, "N2"),
                Report.Number(figures.Costs.HitQueries),
                Report.Number(figures.Costs.MissQueries),
            ]]);
        Report.Print(
            "The index",
            ["", "figure"],
            [
                ["build, all cores, s", Report.Number(figures.BuildSeconds, "N1")],
                ["bytes/entry", Report.Number((double)figures.Report.Bytes / figures.Report.Entries)],
                ["adds/s", Report.Number(figures.Written.AddsPerSecond)],
                ["removes/s", Report.Number(figures.Written.RemovesPerSecond)],
                ["largest backlog", Report.Number(figures.Written.LargestBacklog)],
                ["final backlog", Report.Number(figures.Written.FinalBacklog)],
                ["recall@1 afterwards", Report.Number(figures.Recall.Nearest, "N4")],
                ["hits found afterwards", Report.Number(figures.Recall.Hits, "N4")],
                ["snapshot, bytes/entry", Report.Number((double)figures.Snapshots.Bytes / figures.Report.Entries)],
                ["snapshot, seconds to save", Report.Number(figures.Snapshots.SaveSeconds.Median ?? 0, "N2")],
                ["snapshot, seconds to load", Report.Number(figures.Snapshots.LoadSeconds.Median ?? 0, "N2")],
                ["problems of the graph", Report.Number(figures.Report.Problems.Count)],
            ]);
    }

    private static string[] Row(string name, LatencyFigures figures) =>
    [
        name,
        Report.Number(figures.SearchesPerSecond),
        Report.Number(figures.P50, "N1"),
        Report.Number(figures.P99, "N1"),
        Report.Number(figures.P999, "N1"),
        Report.Number(figures.Max),
        Report.Number(figures.GcPauseMilliseconds, "N1"),
    ];
}
