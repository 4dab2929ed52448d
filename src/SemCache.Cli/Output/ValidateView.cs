using SemCache.V1;
using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>Shows what a check of vector indexes found: a row a partition that has a graph, and every problem.</summary>
internal static class ValidateView
{
    private const int LongestScope = 60;

    public static void Write(CliEnvironment environment, ValidateIndexResponse found)
    {
        var console = environment.Console;
        if (found.Reports.Count > 0)
        {
            console.Write(Table(found.Reports));
        }

        foreach (var report in found.Reports)
        {
            foreach (var problem in report.Problems)
            {
                console.MarkupLineInterpolated($"[red]problem[/] {report.Namespace} {Scope(report)}: {problem}");
            }
        }

        if (found.ReportsLeftOut > 0)
        {
            console.MarkupLineInterpolated(
                $"[grey]{Humanized.Count(found.ReportsLeftOut, "partition", "partitions")} more with a graph or problems not shown[/]");
        }

        var what = $"{Humanized.Count(found.Entries, "entry", "entries")} in "
            + Humanized.Count(found.Partitions, "partition", "partitions");
        if (found.FaultyPartitions == 0)
        {
            console.MarkupLineInterpolated($"[green]sound[/]  {what}");
        }
        else
        {
            console.MarkupLineInterpolated(
                $"[red]faulty[/]  {what}, problems in {Humanized.Count(found.FaultyPartitions)}");
        }
    }

    private static Table Table(IEnumerable<IndexReport> reports)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("namespace").AddColumn("scope");
        string[] figures = ["entries", "linked", "pending", "memory", "problems"];
        table.AddColumns([.. figures.Select(name => new TableColumn(name).RightAligned())]);
        foreach (var report in reports)
        {
            string[] row =
            [
                report.Namespace,
                Scope(report),
                Humanized.Count(report.Entries),
                Humanized.Count(report.Linked),
                Humanized.Count(report.Pending),
                Humanized.Bytes(report.Bytes),
                Humanized.Count(report.Problems.Count),
            ];
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        return table;
    }

    private static string Scope(IndexReport report) => ServerText.OneLine(
        "{" + string.Join(", ", report.Scope.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}")) + "}",
        LongestScope);
}
