using System.CommandLine;
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
        Option<int> rounds = CommonOptions.Count("--rounds", 3, "Starts after a kill, and as many after a clean stop.");
        Option<FileInfo[]> texts = CommonOptions.Texts();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("restart", "Memory and log bytes per entry, and the time to start with them.")
        {
            start, entries, streams, bytes, rounds, texts, json,
        };
        command.SetAction((options, cancellation) =>
        {
            IReadOnlyList<string> prompts =
                CommonOptions.TakeTexts(options.GetRequiredValue(texts), options.GetValue(entries));
            var filling = new Filling(prompts, options.GetValue(bytes), options.GetValue(streams));
            return MeasureAsync(
                options.GetRequiredValue(start), filling, options.GetValue(rounds), options.GetValue(json),
                cancellation);
        });
        return command;
    }

    private static async Task<int> MeasureAsync(
        FileInfo program, Filling filling, int rounds, FileInfo? json, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        FillFigures fill;
        Probe semantic;
        await using (ServerProcess server = ServerProcess.Start(program, folder.Path))
        {
            await server.WaitUntilReadyAsync(cancellation);
            using var connections = new ServerConnections(server.GrpcAddress, filling.Streams);
            fill = await filling.RunAsync(server, connections, cancellation);
            semantic = await filling.FindSemanticAsync(connections, cancellation);
            await server.KillAsync();
        }

        var restarts = new Restarts(program, folder, filling, semantic);
        IReadOnlyList<StartFigures> starts = await restarts.RunAsync(rounds, cancellation);
        RestartReport.Print(fill, starts);
        await Report.WriteJsonAsync(json, new { fill, starts });
        return starts.Sum(start => start.Lost) == 0 ? CommandRunner.Right : CommandRunner.Wrong;
    }
}
