using SemCache.LoadTest.Charts;
using SemCache.LoadTest.Load;

namespace SemCache.LoadTest.Sizes;

/// <summary>Draws latency, throughput and recall against entries.</summary>
internal static class SizeCharts
{
    /// <summary>Writes <c>latency-against-entries.svg</c>, <c>throughput-against-entries.svg</c> and <c>recall-against-entries.svg</c>.</summary>
    public static void Write(SizePlan plan, IReadOnlyList<SizeFigures> sizes, DirectoryInfo folder)
    {
        using var latency = new Chart("Latency against entries", "entries", "milliseconds, one call at a time", true, true);
        using var throughput = new Chart(
            "Throughput against entries", "entries", $"calls a second, {plan.InFlight} in flight", true, true);
        for (int i = 0; i < SizeRun.Kinds.Count; i++)
        {
            string kind = SizeRun.Kinds[i];
            latency.Add($"{kind}, p99", LineColours.Of(i), Points(sizes, kind, SizeRun.Alone, f => f.P99.Median / 1000));
            latency.Add(
                $"{kind}, p50", LineColours.Of(i), Points(sizes, kind, SizeRun.Alone, f => f.P50.Median / 1000), isPale: true);
            throughput.Add(
                kind, LineColours.Of(i), Points(sizes, kind, plan.InFlight, f => f.CallsPerSecond.Median));
        }

        throughput.Add(
            "ping", LineColours.Of(SizeRun.Kinds.Count), Points(sizes, "ping", plan.InFlight, f => f.CallsPerSecond.Median));
        latency.Save(folder, "latency-against-entries");
        throughput.Save(folder, "throughput-against-entries");
        WriteRecall(sizes, folder);
    }

    private static void WriteRecall(IReadOnlyList<SizeFigures> sizes, DirectoryInfo folder)
    {
        using var recall = new Chart("Rewordings against entries", "entries", "share of those asked", isLogX: true);
        recall.Add(
            "own entry among the ten nearest", LineColours.Of(0),
            sizes.Select(size => ((double)size.Entries, size.Rewordings.RecallAtTen)));
        recall.Add(
            "answered with it", LineColours.Of(1), sizes.Select(size => ((double)size.Entries, size.Rewordings.ServedShare)));
        recall.Add(
            "answered with another's", LineColours.Of(2),
            sizes.Select(size => ((double)size.Entries, size.Rewordings.ErrorRate)));
        recall.Save(folder, "recall-against-entries");
    }

    private static IEnumerable<(double X, double Y)> Points(
        IReadOnlyList<SizeFigures> sizes, string kind, int inFlight, Func<ScenarioFigures, double> figure) =>
        sizes.Select(size => ((double)size.Entries, figure(size.Of(kind, inFlight))));
}
