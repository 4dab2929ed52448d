using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Restart;

/// <summary>The tables of `restart`.</summary>
internal static class RestartReport
{
    private const double BytesPerMegabyte = 1e6;

    public static void Print(FillFigures fill, IReadOnlyList<StartFigures> starts)
    {
        Report.Print(
            $"Filling with {fill.Entries:N0} entries",
            ["figure", "value"],
            [
                ["stores/s", Report.Number(fill.StoresPerSecond)],
                ["seconds", Report.Number(fill.Seconds, "N1")],
                ["resident memory before, MB", Megabytes(fill.MemoryBefore)],
                ["resident memory after, MB", Megabytes(fill.MemoryAfter)],
                ["memory per entry, bytes", Report.Number(fill.MemoryPerEntry)],
                ["of these, vector, bytes", Report.Number(fill.VectorBytesPerEntry)],
                ["log per entry, bytes", Report.Number(fill.LogBytesPerEntry)],
            ]);
        Report.Print(
            "Starting again: seconds from the start of the process",
            ["after", "ready", "exact hit", "semantic hit", "memory, MB", "per entry, bytes", "lost", "stop, s"],
            starts.Select(start => (string[])
            [
                start.After, Seconds(start.Times.Ready), Seconds(start.Times.ExactHit),
                Seconds(start.Times.SemanticHit), Megabytes(start.Memory),
                Report.Number(fill.MemoryPerEntryAt(start.Memory)), Report.Number(start.Lost),
                start.StopSeconds is { } stop ? Seconds(stop) : "-",
            ]));
    }

    private static string Seconds(double seconds) => Report.Number(seconds, "0.000");

    private static string Megabytes(long bytes) => Report.Number(bytes / BytesPerMegabyte, "N1");
}
