using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SemCache.IndexBench.Commands;

namespace SemCache.IndexBench.Partitions;

/// <summary>A process for one layout: this program, started again, so that nothing else is in its memory.</summary>
internal static class LayoutProcess
{
    public static async Task<MemoryFigures> RunAsync(PartitionPlan plan, Layout layout, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (object argument in (object[])[
            typeof(LayoutProcess).Assembly.Location, PartitionsCommand.ChildName,
            "--partitions", plan.Partitions, "--entries", plan.EntriesEach, "--dimension", plan.Dimension, "--layout", layout])
        {
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"{argument}"));
        }

        using Process process = Process.Start(start)
            ?? throw new NotMeasuredException("A process to measure in cannot be started.");
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == CommandRunner.Right
                ? JsonSerializer.Deserialize<MemoryFigures>(output)!
                : throw new NotMeasuredException($"The process that measured {layout} failed; see above.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>What the process writes for the one that started it.</summary>
    public static void Write(MemoryFigures figures) => Console.WriteLine(JsonSerializer.Serialize(figures));
}
