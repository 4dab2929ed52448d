using System.CommandLine;
using SemCache.LoadTest.Commands;
using SemCache.LoadTest.Reporting;
using SemCache.StorageBench.Restart;

namespace SemCache.StorageBench.Commands;

/// <summary>`restart`: how soon a server on a store of some size serves, with and without snapshots.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        Option<FileInfo> start = CommonOptions.Start();
        start.Required = true;
        var entries = new Option<int[]>("--entries")
        {
            Description = "Sizes of the stores.",
            DefaultValueFactory = _ => [10_000, 100_000, 1_000_000],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> perPartition = CommonOptions.Count(
            "--per-partition", 1000, "Entries in a partition. Above 4,096 it has a graph, which the first start has to make.");
        Option<int> rounds = CommonOptions.Count("--rounds", 3, "Starts after a clean stop, and as many after a kill.");
        Option<int> patience = CommonOptions.Count(
            "--patience", 60, "Minutes that the first start may take until all is linked.");
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("restart", "Time from the start of the process to the first hits.")
        {
            start, entries, perPartition, rounds, patience, json,
        };
        command.SetAction((options, cancellation) => MeasureAsync(
            options.GetRequiredValue(start),
            options.GetRequiredValue(entries),
            options.GetValue(perPartition),
            options.GetValue(rounds),
            TimeSpan.FromMinutes(options.GetValue(patience)),
            options.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> MeasureAsync(
        FileInfo program,
        int[] entries,
        int perPartition,
        int rounds,
        TimeSpan patience,
        FileInfo? json,
        CancellationToken cancellation)
    {
        string model = Path.Combine(program.DirectoryName!, "models", "semcache-mini");
        var run = new RestartRun(program, model, rounds, patience);
        var figures = new List<RestartFigures>();
        foreach (int count in entries)
        {
            figures.AddRange(await run.RunAsync(count, perPartition, cancellation));
        }

        Report.Print(
            "Seconds from the start of the process",
            ["after", "entries", "in a partition", "ready", "exact hit", "semantic hit", "all done", "B an entry", "resident MiB", "clean stop"],
            figures.Select(figure => (string[])
            [
                figure.After, Report.Number(figure.Entries), Report.Number(figure.PerPartition), Seconds(figure.Times.Ready),
                Seconds(figure.Times.ExactHit), Seconds(figure.Times.SemanticHit), Seconds(figure.Healthy), Report.Number(figure.AccountedPerEntry, "0"),
                Report.Number(figure.Resident >> 20), figure.Stop is { } stop ? Seconds(stop) : "",
            ]));
        await Report.WriteJsonAsync(json, figures);
        return CommandRunner.Right;
    }

    private static string Seconds(double seconds) => Report.Number(seconds, "0.000");
}
