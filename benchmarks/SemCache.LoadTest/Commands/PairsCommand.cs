using System.CommandLine;
using SemCache.LoadTest.Quality;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.V1;

namespace SemCache.LoadTest.Commands;

/// <summary>`pairs`: stores one question of each duplicate pair, asks the other, counts wrong answers.</summary>
internal static class PairsCommand
{
    public static Command Create()
    {
        var server = new ServerTargetOptions();
        Argument<FileInfo> file = CommonOptions.PairFile();
        Option<int> store = CommonOptions.Count("--store", 3000, "How many of the pairs with label 1 to use.");
        Option<double[]> thresholds = CommonOptions.Thresholds();
        Option<int> concurrency = CommonOptions.Count("--concurrency", 16, "Calls in flight.");
        Option<FileInfo> json = CommonOptions.Json();
        var command = new Command("pairs", "How right hits are: stores `a` of duplicate pairs and looks up their `b`.")
        {
            file, store, thresholds, concurrency, json,
        };
        server.AddTo(command);
        command.SetAction(async (options, cancellation) =>
        {
            PairSet pairs = PairSet.Read(options.GetRequiredValue(file), options.GetValue(store));
            await using ServerTarget target = server.Open(options);
            using ServerConnections connections = await target.ConnectAsync(connections: 2, cancellation);
            QualityFigures[] figures = await MeasureAsync(
                connections, pairs, options.GetRequiredValue(thresholds), options.GetValue(concurrency), cancellation);

            QualityFigures.Print($"{pairs.Asked.Count:N0} pairs with label 1: `a` stored, `b` looked up", figures);
            await Report.WriteJsonAsync(options.GetValue(json), new { pairs.File, figures });
            return CommandRunner.Right;
        });
        return command;
    }

    private static async Task<QualityFigures[]> MeasureAsync(
        ServerConnections connections,
        PairSet pairs,
        double[] thresholds,
        int concurrency,
        CancellationToken cancellation)
    {
        await using var own = new RunNamespace(connections, "pairs");
        // Made beforehand: looking up a class shortens paths, which streams must not do at the same time.
        StoreRequest[] stores = [.. pairs.Asked.Select(pair =>
            Requests.Store(own.Name, pair.A, QualityFigures.ResponseOf(pairs.Classes.ClassOf(pair.A))))];
        await new BulkStore(streams: 4, stores.Length, i => stores[i]).RunAsync(connections, cancellation);

        var all = new List<QualityFigures>();
        foreach (double threshold in thresholds)
        {
            Report.Progress($"Threshold {threshold}");
            LookupRequest[] lookups = [.. pairs.Asked.Select(pair => LookupAt(threshold, own.Name, pair.B))];
            LookupResponse[] answers = await ThresholdRefusal.ExplainAsync(
                connections.LookupAllAsync(concurrency, lookups, cancellation));
            var figures = new QualityFigures(threshold);
            for (int i = 0; i < answers.Length; i++)
            {
                figures.Count(answers[i], pairs.Classes.ClassOf(pairs.Asked[i].B));
            }

            all.Add(figures);
        }

        return [.. all];
    }

    private static LookupRequest LookupAt(double threshold, string inNamespace, string prompt)
    {
        LookupRequest request = Requests.Lookup(inNamespace, prompt);
        request.Threshold = threshold;
        return request;
    }
}
