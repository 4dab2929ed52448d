using System.CommandLine;
using SemCache.Core.Indexing;
using SemCache.IndexBench.Crossover;
using SemCache.LoadTest.Reporting;

namespace SemCache.IndexBench.Commands;

/// <summary>`crossover`: from how many entries on a graph is faster than a scan.</summary>
internal static class CrossoverCommand
{
    public static Command Create()
    {
        Option<int> dimension = CommonOptions.Dimension();
        Option<int> queries = BenchOptions.Number("--queries", 500, 2, 1_000_000, "Queries, all asked in every round.");
        Option<int> rounds = BenchOptions.Number("--rounds", 9, 1, 10_000, "Rounds; figures are medians over them.");
        Option<int> seed = CommonOptions.Seed();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("crossover", "Compares the scan with the graph by number of entries.")
        {
            dimension, queries, rounds, seed, json,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            CrossoverFigures figures = CrossoverRun.Run(
                parse.GetValue(dimension), parse.GetValue(queries), parse.GetValue(rounds), parse.GetValue(seed),
                cancellation);
            Print(figures);
            await Report.WriteJsonAsync(parse.GetValue(json), figures);
            return CommandRunner.Right;
        });
        return command;
    }

    private static void Print(CrossoverFigures figures)
    {
        Report.Print(
            $"One search, {figures.Dimension} components, ef {figures.Ef}: microseconds",
            ["entries", "scan", "graph", "scan / graph"],
            figures.Sizes.Select(size => (string[])
            [
                Report.Number(size.Entries),
                Report.Number(size.Scan.Median!.Value, "N1"),
                Report.Number(size.Graph.Median!.Value, "N1"),
                Report.Number(size.ScanToGraph, "N2"),
            ]));
        Console.WriteLine(figures.GraphWinsFrom is { } entries
            ? $"The graph wins from about {Report.Number(entries)} entries on; "
                + $"it is made beyond {Report.Number(IndexSettings.Default.FlatEntries)}."
            : "The sizes do not show where the graph begins to win.");
    }
}
