using System.CommandLine;
using SemCache.LoadTest.Commands;
using SemCache.LoadTest.Reporting;
using SemCache.StorageBench.Soak;

namespace SemCache.StorageBench.Commands;

/// <summary>`soak`: whether memory and disk stay within their budgets for long, and what that costs lookups.</summary>
internal static class SoakCommand
{
    private const long Megabyte = 1 << 20;

    public static Command Create()
    {
        Option<FileInfo> start = CommonOptions.Start();
        start.Required = true;
        Option<int> seconds = CommonOptions.Count("--seconds", 600, "How long the server with budgets is used.");
        Option<int> control = CommonOptions.Count(
            "--control-seconds", 60, "How long a server without budgets is used, before and again after.");
        Option<int> warmUp = CommonOptions.Count("--warmup", 10, "Seconds of the same calls before anything is timed.");
        Option<int> memory = CommonOptions.Count("--memory-budget", 96, "Memory budget in MiB.");
        Option<int> disk = CommonOptions.Count("--disk-budget", 256, "Disk budget in MiB.");
        Option<int> segment = CommonOptions.Count("--segment", 16, "Size of a log file in MiB, a power of two.");
        Option<int> bytes = CommonOptions.Count("--response-bytes", 4_000, "Size of each response.");
        Option<int> lookups = CommonOptions.Count("--lookups", 400, "Lookups a second.");
        Option<int> stores = CommonOptions.Count("--stores", 200, "Stores a second.");
        Option<int> prompts = CommonOptions.Count("--prompts", 200_000, "Different prompts.");
        var output = new Option<DirectoryInfo>("--output")
        {
            Description = "Writes soak.json and the charts into this folder.",
            HelpName = "FOLDER",
        };
        var command = new Command("soak", "Memory, disk and latencies at full budgets with churn.")
        {
            start, seconds, control, warmUp, memory, disk, segment, bytes, lookups, stores, prompts, output,
        };
        command.SetAction(async (options, cancellation) =>
        {
            var plan = new SoakPlan(
                options.GetValue(seconds), options.GetValue(control), options.GetValue(warmUp),
                options.GetValue(memory) * Megabyte, options.GetValue(disk) * Megabyte,
                options.GetValue(segment) * Megabyte, options.GetValue(bytes),
                options.GetValue(lookups), options.GetValue(stores), options.GetValue(prompts));
            SoakFigures figures = await new SoakRun(options.GetRequiredValue(start), plan).RunAsync(cancellation);
            SoakTables.Print(figures);
            if (options.GetValue(output) is { } folder)
            {
                await Report.WriteJsonAsync(new FileInfo(Path.Combine(folder.FullName, "soak.json")), figures);
                SoakCharts.Write(figures, folder.FullName);
            }

            return figures.Wrong == 0 ? CommandRunner.Right : CommandRunner.Wrong;
        });
        return command;
    }
}
