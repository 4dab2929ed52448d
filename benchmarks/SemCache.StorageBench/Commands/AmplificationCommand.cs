using System.CommandLine;
using SemCache.LoadTest.Commands;
using SemCache.LoadTest.Reporting;
using SemCache.StorageBench.Amplification;

namespace SemCache.StorageBench.Commands;

/// <summary>`amplification`: bytes written to the log for each byte stored, by live ratio.</summary>
internal static class AmplificationCommand
{
    private const long Megabyte = 1 << 20;

    public static Command Create()
    {
        Option<FileInfo> start = CommonOptions.Start();
        start.Required = true;
        var ratios = new Option<double[]>("--live-ratio")
        {
            Description = "Live ratios to measure, 0.1 to 0.9.",
            DefaultValueFactory = _ => [0.3, 0.5, 0.6, 0.7, 0.8],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> disk = CommonOptions.Count("--disk-budget", 256, "Disk budget in MiB.");
        Option<int> segment = CommonOptions.Count("--segment", 8, "Size of a log file in MiB, a power of two.");
        Option<int> bytes = CommonOptions.Count("--response-bytes", 4_000, "Size of each response.");
        Option<int> rounds = CommonOptions.Count("--rounds", 3, "How many times the disk budget is stored and counted.");
        Option<FileInfo> json = CommonOptions.Json();
        var command = new Command("amplification", "Bytes written for each byte stored, by live ratio.")
        {
            start, ratios, disk, segment, bytes, rounds, json,
        };
        command.SetAction(async (options, cancellation) =>
        {
            var plan = new AmplificationPlan(
                options.GetValue(disk) * Megabyte, options.GetValue(segment) * Megabyte, options.GetValue(bytes),
                options.GetValue(rounds));
            var run = new AmplificationRun(options.GetRequiredValue(start), plan);
            var figures = new List<AmplificationFigures>();
            foreach (double ratio in options.GetRequiredValue(ratios))
            {
                figures.Add(await run.RunAsync(ratio, cancellation));
            }

            Print(plan, figures);
            await Report.WriteJsonAsync(options.GetValue(json), new { Plan = plan, Figures = figures });
            return CommandRunner.Right;
        });
        return command;
    }

    private static void Print(AmplificationPlan plan, IEnumerable<AmplificationFigures> figures) => Report.Print(
        $"Random replaces, disk budget {plan.DiskBudget / Megabyte:N0} MiB, responses of {plan.ResponseBytes:N0} bytes",
        ["live ratio", "entries", "stored MiB", "written MiB", "written / stored", "bound", "folder MiB", "evicted", "stores/s"],
        figures.Select(one => (string[])
        [
            Report.Number(one.LiveRatio, "N2"),
            Report.Number(one.Entries),
            Report.Number((one.AppendedBytes - one.CopiedBytes) / Megabyte),
            Report.Number(one.AppendedBytes / Megabyte),
            Report.Number(one.Amplification, "N2"),
            Report.Number(one.Bound, "N2"),
            Report.Number((double)one.FolderBytes / Megabyte),
            Report.Number(one.Evicted),
            Report.Number(one.StoresPerSecond),
        ]));
}
