using System.CommandLine;
using SemCache.LoadTest.Reporting;
using SemCache.StorageBench.Restart;

namespace SemCache.StorageBench.Commands;

/// <summary>`restart`: how soon a server on a store of some size serves, with and without snapshots.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        Option<FileInfo> start = new Option<FileInfo>("--start")
        {
            Description = "The SemCache.Server.dll to start.",
            HelpName = "DLL",
            Required = true,
        }.AcceptExistingOnly();
        var entries = new Option<int[]>("--entries")
        {
            Description = "Sizes of the stores.",
            DefaultValueFactory = _ => [10_000, 100_000, 1_000_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var perPartition = new Option<int>("--per-partition")
        {
            Description = "Entries in a partition. Above 4,096 it has a graph, which the first start has to make.",
            DefaultValueFactory = _ => 1000,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Starts after a clean stop, and as many after a kill.",
            DefaultValueFactory = _ => 3,
        };
        var patience = new Option<int>("--patience")
        {
            Description = "Minutes that the first start may take until all is linked.",
            DefaultValueFactory = _ => 60,
        };
        var json = new Option<FileInfo>("--json")
        {
            Description = "Also writes every figure to this file.",
            HelpName = "FILE",
        };
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
