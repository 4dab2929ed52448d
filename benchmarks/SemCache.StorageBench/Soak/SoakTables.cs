using SemCache.LoadTest.Reporting;
using SemCache.StorageBench.Figures;

namespace SemCache.StorageBench.Soak;

/// <summary>Prints a soak.</summary>
internal static class SoakTables
{
    private const double Megabyte = 1 << 20;

    public static void Print(SoakFigures figures)
    {
        Report.Print(
            $"{figures.Held:N0} entries held, {figures.Plan.Lookups:N0} lookups/s, {figures.Plan.Stores:N0} stores/s, "
            + $"{figures.Plan.Seconds} s; evicting in {figures.EvictingSeconds} s, compacting in {figures.CompactingSeconds} s",
            ["ms", "calls", "p50", "p99", "p99.9", "max"],
            [
                Row("exact hits, evicting or compacting", figures.BusyExactHits),
                Row("exact hits, neither", figures.QuietExactHits),
                Row("exact hits, no budgets", figures.ControlExactHits),
                Row("other lookups, evicting or compacting", figures.BusyOtherLookups),
                Row("other lookups, no budgets", figures.ControlOtherLookups),
                Row("sent late by", figures.Soak.Lateness),
            ]);
        Report.Print(
            $"p99 while evicting or compacting over p99 without budgets: {Report.Number(figures.ExactHitRatio, "N2")} (exact), "
            + $"{Report.Number(figures.OtherLookupRatio, "N2")} (other)",
            ["MiB", "budget", "mean", "max", "growth a minute", "%"],
            [
                Row("resident memory", figures.Plan.MemoryBudget, figures.Resident),
                Row("accounted memory", figures.Plan.MemoryBudget, figures.Accounted),
                Row("folder", figures.Plan.DiskBudget, figures.Folder),
                Row("live in the log", figures.Plan.DiskBudget, figures.Live),
            ]);
    }

    private static string[] Row(string name, Quantiles times) =>
    [
        name, Report.Number(times.Calls), Report.Number(times.P50, "N2"), Report.Number(times.P99, "N2"),
        Report.Number(times.P999, "N2"), Report.Number(times.Max, "N1"),
    ];

    private static string[] Row(string name, long budget, Trend trend) =>
    [
        name, Report.Number(budget / Megabyte), Report.Number(trend.Mean / Megabyte, "N1"),
        Report.Number(trend.Max / Megabyte, "N1"), Report.Number(trend.PerMinute / Megabyte, "N2"),
        Report.Number(trend.SharePerMinute * 100, "N2"),
    ];
}
