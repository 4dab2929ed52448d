using System.CommandLine;
using SemCache.LoadTest.Quality;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Commands;

/// <summary>`stream`: every question of a file, asked one by one and always stored, as a service does.</summary>
internal static class StreamCommand
{
    public static Command Create()
    {
        var server = new ServerTargetOptions();
        Argument<FileInfo> file = CommonOptions.PairFile();
        Option<double[]> thresholds = CommonOptions.Thresholds();
        var seed = new Option<int>("--seed") { Description = "Of the shuffling.", DefaultValueFactory = _ => 1 };
        Option<FileInfo> json = CommonOptions.Json();
        var command = new Command("stream", "How right hits are when every distinct question of a file is asked once.")
        {
            file, thresholds, seed, json,
        };
        server.AddTo(command);
        command.SetAction(async (options, cancellation) =>
        {
            PairSet pairs = PairSet.Read(options.GetRequiredValue(file));
            string[] questions = [.. pairs.Questions];
            new Random(options.GetValue(seed)).Shuffle(questions);
            (string Text, int Class)[] stream = [.. questions.Select(text => (text, pairs.Classes.ClassOf(text)))];

            await using ServerTarget target = server.Open(options);
            using ServerConnections connections = await target.ConnectAsync(connections: 4, cancellation);
            // Order matters within a pass only, and each pass has a namespace of its own: they run side by side.
            QualityFigures[] figures = await Task.WhenAll(options.GetRequiredValue(thresholds).Select((threshold, i) =>
                ThresholdRefusal.ExplainAsync(
                    PassAsync(connections, connections.For(i).Cache, threshold, stream, cancellation))));

            QualityFigures.Print($"{questions.Length:N0} distinct questions, each looked up and then stored", figures);
            await Report.WriteJsonAsync(
                options.GetValue(json), new { pairs.File, Seed = options.GetValue(seed), figures });
            return CommandRunner.Right;
        });
        return command;
    }

    private static async Task<QualityFigures> PassAsync(
        ServerConnections connections,
        SemanticCache.SemanticCacheClient cache,
        double threshold,
        (string Text, int Class)[] stream,
        CancellationToken cancellation)
    {
        await using var own = new RunNamespace(connections, "stream");
        var figures = new QualityFigures(threshold);
        foreach ((string text, int questionClass) in stream)
        {
            LookupRequest lookup = Requests.Lookup(own.Name, text);
            lookup.Threshold = threshold;
            LookupResponse found = await cache.LookupAsync(lookup, cancellationToken: cancellation);
            figures.Count(found, questionClass);

            StoreRequest store = Requests.Store(own.Name, text, QualityFigures.ResponseOf(questionClass));
            store.DecisionId = found.DecisionId;
            await cache.StoreAsync(store, cancellationToken: cancellation);
        }

        Report.Progress($"Threshold {threshold} is done");
        return figures;
    }
}
