using SemCache.Cli.Guards;
using SemCache.Core.Matching.Guards;
using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>Shows what guards make of pairs: a row each, and all together.</summary>
internal static class GuardsView
{
    public static void Write(CliEnvironment environment, GuardReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("guard");
        table.AddColumns([.. new[]
        {
            "stops of same", "%", "stops of different", "%", "precision", "suspects of same", "suspects of different",
            "ns",
        }.Select(name => new TableColumn(name).RightAligned())]);
        foreach (var guard in report.Guards)
        {
            AddRow(table, guard.Name, guard.Stops, guard.Suspects, report.Labelled, guard.Nanoseconds);
        }

        AddRow(table, "all together", report.Stopped, null, report.Labelled, report.Nanoseconds);
        environment.Console.Write(table);
        string counts = $"{Humanized.Count(report.Pairs)} pairs: {Humanized.Count(report.Labelled.Same)} same, "
            + $"{Humanized.Count(report.Labelled.Different)} different";
        environment.Console.MarkupLineInterpolated(
            $"[grey]{counts}. Precision: how many of the stopped are different.[/]");
    }

    public static void WriteFindings(CliEnvironment environment, IReadOnlyList<ExplainedFinding> findings)
    {
        var console = environment.Console;
        if (findings.Count == 0)
        {
            console.WriteLine("All guards pass.");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("guard", "verdict", "a", "b");
        foreach (var finding in findings)
        {
            table.AddRow(
                new Text(finding.Guard), new Text(finding.Verdict == GuardVerdict.Stop ? "stop" : "suspect"),
                new Text(finding.A), new Text(finding.B));
        }

        console.Write(table);
    }

    private static void AddRow(
        Table table, string name, ByLabel stops, ByLabel? suspects, ByLabel labelled, double nanoseconds) =>
        table.AddRow([.. new[]
        {
            name,
            Humanized.Count(stops.Same), Humanized.Percent(stops.Same, labelled.Same),
            Humanized.Count(stops.Different), Humanized.Percent(stops.Different, labelled.Different),
            Humanized.Percent(stops.Different, stops.Same + stops.Different),
            suspects is null ? "" : Humanized.Count(suspects.Same),
            suspects is null ? "" : Humanized.Count(suspects.Different),
            Humanized.Count((long)nanoseconds),
        }.Select(cell => new Text(cell))]);
}

/// <summary>A guard's finding about a pair.</summary>
internal sealed record ExplainedFinding(string Guard, GuardVerdict Verdict, string A, string B);
