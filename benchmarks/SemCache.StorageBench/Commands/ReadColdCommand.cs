using System.CommandLine;
using SemCache.LoadTest.Commands;
using SemCache.LoadTest.Reporting;
using SemCache.StorageBench.Cold;
using SemCache.StorageBench.Figures;

namespace SemCache.StorageBench.Commands;

/// <summary>`read-cold`: what a hit takes whose response is neither in the server's memory nor in the page cache.</summary>
internal static class ReadColdCommand
{
    public static Command Create()
    {
        Option<FileInfo> start = CommonOptions.Start();
        start.Required = true;
        Option<int> entries = CommonOptions.Count("--entries", 50_000, "Entries to fill the server with.");
        Option<int> bytes = CommonOptions.Count("--response-bytes", 4_000, "Size of each response.");
        Option<int> reads = CommonOptions.Count("--reads", 5_000, "Lookups to time, cold and warm by turns.");
        Option<FileInfo> json = CommonOptions.Json();
        var command = new Command("read-cold", "Hits whose response has to be read from the device.")
        {
            start, entries, bytes, reads, json,
        };
        command.SetAction(async (options, cancellation) =>
        {
            ColdFigures figures = await new ColdReads(
                options.GetRequiredValue(start), options.GetValue(entries), options.GetValue(bytes), options.GetValue(reads))
                .RunAsync(cancellation);
            if (figures.BytesFromDevice == 0)
            {
                throw new NotMeasuredException("Nothing was read from a device: is the temporary folder in memory?");
            }

            Report.Print(
                $"Exact hits, {figures.Entries:N0} entries of {figures.ResponseBytes:N0} bytes; a cold one read "
                + $"{figures.BytesFromDevice:N0} bytes from the device",
                ["ms", "p50", "p99", "p99.9", "max"],
                [Row("from the device", figures.Cold), Row("from the page cache", figures.Warm)]);
            await Report.WriteJsonAsync(options.GetValue(json), figures);
            return CommandRunner.Right;
        });
        return command;
    }

    private static string[] Row(string name, Quantiles times) =>
    [
        name, Report.Number(times.P50, "N3"), Report.Number(times.P99, "N3"), Report.Number(times.P999, "N3"),
        Report.Number(times.Max, "N2"),
    ];
}
