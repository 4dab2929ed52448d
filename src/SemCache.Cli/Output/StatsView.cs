using SemCache.V1;
using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>Shows figures: one namespace in detail, several as one row each.</summary>
internal static class StatsView
{
    public static void Write(CliEnvironment environment, GetStatsResponse stats)
    {
        var console = environment.Console;
        if (stats.Namespaces.Count == 0)
        {
            console.MarkupLine("[grey]No entries, no lookups yet.[/]");
        }
        else
        {
            console.Write(stats.Namespaces.Count == 1 ? Details(stats.Namespaces[0]) : Overview(stats.Namespaces));
        }

        var since = stats.Since is null ? "" : $"counted since {stats.Since.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss}Z, ";
        console.MarkupLineInterpolated(
            $"[grey]{since}entry log {Humanized.Bytes(stats.LogBytes)}, model {stats.Model}[/]");
        console.MarkupLineInterpolated(
            $"[grey]memory {Humanized.Bytes(stats.MemoryBytes)} of {Humanized.Bytes(stats.MemoryBudget)}, live on disk {Humanized.Bytes(stats.LiveBytes)}, disk budget {Humanized.Bytes(stats.DiskBudget)}[/]");
    }

    private static Table Details(NamespaceStats figures)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("namespace").AddColumn(new TableColumn(new Text(figures.Namespace)).RightAligned());
        void Add(string name, string value) => table.AddRow(new Text(name), new Text(value));

        var latency = LatencyOf(figures);
        var saved = figures.Saved ?? new Savings();
        Add("entries", Humanized.Count(figures.Entries));
        if (figures.EntriesWithoutVector > 0)
        {
            Add("  without a vector yet", Humanized.Count(figures.EntriesWithoutVector));
        }

        Add("partitions", Humanized.Count(figures.Partitions));
        Add("bytes in the log", Humanized.Bytes(figures.Bytes));
        Add("memory in use", Humanized.Bytes(figures.MemoryBytes));
        Add("vectors, allocated", Humanized.Bytes(figures.VectorBytes));
        Add("stores", Humanized.Count(figures.Stores));
        Add("evicted", Humanized.Count(figures.Evicted));
        Add("lookups", Humanized.Count(figures.Lookups));
        Add("hit rate", HitRate(figures));
        Add("  exact hits", Humanized.Count(figures.ExactHits));
        Add("  semantic hits", Humanized.Count(figures.SemanticHits));
        Add("misses", Humanized.Count(figures.Misses.Sum(miss => miss.Count)));
        foreach (var miss in figures.Misses)
        {
            Add("  " + LookupView.Words(miss.Reason), Humanized.Count(miss.Count));
        }

        Add("saved tokens", Humanized.Count(saved.Tokens));
        Add("saved cost", Humanized.Cost(saved.Cost));
        Add("saved time", Time(saved.Time));
        Add("lookup p50", Time(latency.P50));
        Add("lookup p95", Time(latency.P95));
        Add("lookup p99", Time(latency.P99));
        Add("lookup max", Time(latency.Max));
        return table;
    }

    private static Table Overview(IEnumerable<NamespaceStats> namespaces)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("namespace");
        string[] figures =
        [
            "entries", "size", "memory", "evicted", "lookups", "hit rate", "exact", "semantic",
            "saved tokens", "cost", "time", "p50", "p99",
        ];
        table.AddColumns([.. figures.Select(name => new TableColumn(name).RightAligned())]);
        table.AddColumn("misses");
        foreach (var row in namespaces)
        {
            table.AddRow([.. Row(row).Select(cell => new Text(cell))]);
        }

        return table;
    }

    private static IEnumerable<string> Row(NamespaceStats row) =>
    [
        row.Namespace,
        Humanized.Count(row.Entries), Humanized.Bytes(row.Bytes), Humanized.Bytes(row.MemoryBytes),
        Humanized.Count(row.Evicted), Humanized.Count(row.Lookups), HitRate(row),
        Humanized.Count(row.ExactHits), Humanized.Count(row.SemanticHits),
        Humanized.Count(row.Saved?.Tokens ?? 0), Humanized.Cost(row.Saved?.Cost ?? 0), Time(row.Saved?.Time),
        Time(LatencyOf(row).P50), Time(LatencyOf(row).P99),
        string.Join(", ", row.Misses.Select(miss => $"{LookupView.Words(miss.Reason)} {Humanized.Count(miss.Count)}")),
    ];

    private static string HitRate(NamespaceStats figures) =>
        Humanized.Percent(figures.ExactHits + figures.SemanticHits, figures.Lookups);

    /// <summary>Where nothing was measured there is no latency, not one of zero.</summary>
    private static LatencyQuantiles LatencyOf(NamespaceStats figures) =>
        figures.LookupLatency is { Max: { } max } latency && max.ToTimeSpan() > TimeSpan.Zero ? latency : new LatencyQuantiles();

    private static string Time(Google.Protobuf.WellKnownTypes.Duration? time) =>
        time is null ? "-" : Humanized.Time(time.ToTimeSpan());
}
