using System.CommandLine;
using System.Diagnostics;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Restart;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Commands;

/// <summary>`restart`: what entries weigh, and how soon a full server is back after a stop and after a kill.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        Option<FileInfo> start = CommonOptions.Start();
        start.Required = true;
        Option<int> entries = CommonOptions.Count("--entries", 100_000, "Entries to fill the server with.");
        Option<int> streams = CommonOptions.Count("--streams", 4, "StoreMany streams to fill it over.");
        Option<int> bytes = CommonOptions.Count("--response-bytes", 500, "Size of each response.");
        Option<FileInfo> texts = CommonOptions.Texts();
        Option<FileInfo> json = CommonOptions.Json();
        var command = new Command("restart", "Memory and log bytes per entry, and the time to start with them.")
        {
            start, entries, streams, bytes, texts, json,
        };
        command.SetAction((options, cancellation) =>
        {
            IReadOnlyList<string> prompts =
                CommonOptions.TakeTexts(options.GetValue(texts), options.GetValue(entries));
            var filling = new Filling(prompts, options.GetValue(bytes), options.GetValue(streams));
            return RunAsync(
                options.GetRequiredValue(start), filling, options.GetValue(streams), options.GetValue(json),
                cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo program, Filling filling, int streams, FileInfo? json, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        FillFigures fill;
        Probe semantic;
        await using (ServerProcess server = ServerProcess.Start(program, folder.Path))
        {
            await server.WaitUntilReadyAsync(cancellation);
            using var connections = new ServerConnections(server.GrpcAddress, streams);
            fill = await filling.RunAsync(server, connections, cancellation);
            semantic = await filling.FindSemanticAsync(connections, cancellation);
            await server.KillAsync();
        }

        // The kill comes first: after a clean stop there might be files that spare a killed server its work.
        StartFigures[] starts =
        [
            await StartAsync("kill", program, folder, filling, semantic, streams, cancellation),
            await StartAsync("clean stop", program, folder, filling, semantic, streams, cancellation),
        ];
        RestartReport.Print(fill, starts);
        await Report.WriteJsonAsync(json, new { fill, starts });
        return starts.Sum(start => start.Lost) == 0 ? CommandRunner.Right : CommandRunner.WrongAnswers;
    }

    private static async Task<StartFigures> StartAsync(
        string after,
        FileInfo program,
        TemporaryFolder folder,
        Filling filling,
        Probe semantic,
        int streams,
        CancellationToken cancellation)
    {
        Report.Progress($"Starting after a {after}");
        await using ServerProcess server = ServerProcess.Start(program, folder.Path);
        using var connections = new ServerConnections(server.GrpcAddress, Math.Max(streams, 2));
        StartTimes times =
            await StartTimes.MeasureAsync(server, connections, filling.Exact, semantic, cancellation);
        int lost = await filling.CountLostAsync(connections, cancellation);
        long memory = await ResidentMemory.SettledAsync(server.Id, cancellation);

        long stopping = Stopwatch.GetTimestamp();
        await server.StopAsync();
        return new StartFigures(after, times, memory, lost, Stopwatch.GetElapsedTime(stopping).TotalSeconds);
    }
}
