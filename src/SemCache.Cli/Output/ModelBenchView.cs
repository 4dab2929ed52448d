using System.Globalization;
using SemCache.Cli.Models.Bench;
using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>Shows what models cost.</summary>
internal static class ModelBenchView
{
    public static void Write(CliEnvironment environment, BenchSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("model").AddColumn("architecture");
        string[] figures =
        [
            "p50 µs", "p99 µs", "by the first", $"texts/s at {summary.BatchSize}", "tokens", "dimension", "on disk",
            "memory",
        ];
        table.AddColumns([.. figures.Select(name => new TableColumn(name).RightAligned())]);
        foreach (var model in summary.Models)
        {
            table.AddRow([.. Row(model).Select(cell => new Text(cell))]);
        }

        environment.Console.Write(table);
        var texts = Humanized.Count(summary.Texts, "text", "texts");
        var threads = Humanized.Count(summary.Threads, "thread", "threads");
        var rounds = Humanized.Count(summary.Rounds, "round", "rounds");
        environment.Console.MarkupLineInterpolated(
            $"[grey]{texts}, {threads}, medians of {rounds}; memory is what the process grew by[/]");
        foreach (var model in summary.Models.Where(model => model.Unread > 0))
        {
            var unread = Humanized.Count(model.Unread, "text", "texts");
            environment.Console.MarkupLineInterpolated(
                $"[grey]left out: {unread} that {model.Model} does not read[/]");
        }
    }

    private static IEnumerable<string> Row(BenchResult model) =>
    [
        model.Model, model.Architecture,
        Number(model.P50Microseconds, "#,##0"), Number(model.P99Microseconds, "#,##0"), Number(model.Ratio, "0.00"),
        Number(model.TextsPerSecond, "#,##0"), Number(model.Tokens, "0.0"), Humanized.Count(model.Dimension),
        Humanized.Bytes(model.SizeBytes), Humanized.Bytes(model.MemoryBytes),
    ];

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
