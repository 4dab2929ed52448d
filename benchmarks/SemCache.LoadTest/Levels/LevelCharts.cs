using SemCache.LoadTest.Charts;

namespace SemCache.LoadTest.Levels;

/// <summary>Draws latency against load.</summary>
internal static class LevelCharts
{
    private const double Percent = 100;

    /// <summary>Writes <c>latency-against-load.svg</c>.</summary>
    public static void Write(IReadOnlyList<LevelSummary> levels, DirectoryInfo folder)
    {
        using var chart = new Chart(
            "Latency against load", "offered load, % of the peak of a closed loop", "milliseconds from when a call was due",
            isLogY: true);
        int colour = 0;
        foreach (IGrouping<string, LevelSummary> kind in levels.GroupBy(level => level.Kind))
        {
            chart.Add($"{kind.Key}, p99", LineColours.Of(colour), Points(kind, level => level.P99.Median));
            chart.Add($"{kind.Key}, p50", LineColours.Of(colour), Points(kind, level => level.P50.Median), isPale: true);
            colour++;
        }

        chart.Save(folder, "latency-against-load");
    }

    private static IEnumerable<(double X, double Y)> Points(
        IEnumerable<LevelSummary> levels, Func<LevelSummary, double> microseconds) =>
        levels.Select(level => (level.Share * Percent, microseconds(level) / 1000));
}
