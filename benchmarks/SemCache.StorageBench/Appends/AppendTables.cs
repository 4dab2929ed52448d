using SemCache.LoadTest.Reporting;

namespace SemCache.StorageBench.Appends;

/// <summary>The table of `appends`.</summary>
internal static class AppendTables
{
    public static void Print(IReadOnlyList<AppendFigures> figures) => Report.Print(
        "Durable appends: medians over the rounds, ratios within them",
        [
            "response, writers", "record, bytes", "FasterLog/s", "p99, ms", "entry log/s", "p99, ms", "ratio", "store/s",
            "p99, ms", "ratio",
        ],
        figures.Select(cell => (string[])
        [
            $"{cell.ResponseBytes} B, {cell.Writers}",
            Report.Number(cell.RecordBytes),
            .. Way(cell.Raw),
            .. Way(cell.Log),
            Ratio(cell.LogToRaw),
            .. Way(cell.Store),
            Ratio(cell.StoreToRaw),
        ]));

    private static string[] Way(WaySamples samples) =>
        [Report.Number(samples.PerSecond.Median ?? 0), Report.Number(samples.P99.Median ?? 0, "0.00")];

    private static string Ratio(double? ratio) => Report.Number(ratio ?? 0, "0.00");
}
