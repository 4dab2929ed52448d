using System.CommandLine;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Sizes;

namespace SemCache.LoadTest.Commands;

/// <summary>`sizes`: latency, throughput, recall and errors against the number of entries.</summary>
internal static class SizesCommand
{
    private static readonly int[] _sizes = [1000, 10_000, 100_000, 1_000_000];

    public static Command Create()
    {
        Option<FileInfo> start = CommonOptions.Start();
        start.Required = true;
        var sizes = new Option<int[]>("--entries")
        {
            Description = "Numbers of entries. One server grows through them.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => _sizes,
        };
        sizes.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => int.TryParse(token.Value, out int size) && size < 1))
            {
                result.AddError("--entries must be at least 1.");
            }
        });
        Option<int> connections = CommonOptions.Connections();
        Option<int> inFlight =
            BenchOptions.Number("--concurrency", 32, 2, int.MaxValue, "Calls in flight where throughput is measured.");
        Option<int> seconds = CommonOptions.Seconds("Length of one measurement.");
        Option<int> warmup = CommonOptions.Warmup();
        Option<int> rounds = CommonOptions.Count("--rounds", 3, "Rounds at each size, after one more that is not counted.");
        Option<int> probes = CommonOptions.Count("--probes", 2000, "Rewordings asked at each size.");
        Option<int> bytes = CommonOptions.ResponseBytes();
        Option<FileInfo[]> texts = CommonOptions.Texts();
        Option<DirectoryInfo> plots = CommonOptions.Plots();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("sizes", "Latencies, throughput, recall and errors against the number of entries.")
        {
            start, sizes, connections, inFlight, seconds, warmup, rounds, probes, bytes, texts, plots, json,
        };
        command.SetAction(async (options, cancellation) =>
        {
            var plan = new SizePlan(
                [.. options.GetRequiredValue(sizes).Distinct().Order()], options.GetValue(connections),
                options.GetValue(inFlight), options.GetValue(seconds), options.GetValue(warmup), options.GetValue(rounds),
                options.GetValue(probes), options.GetValue(bytes));
            FileInfo[] files = options.GetRequiredValue(texts);
            int most = plan.Sizes[^1];
            var corpus = new Corpus(CommonOptions.TakeTexts(files, most), most, plan.ResponseBytes);
            var errors = new ErrorSamples();
            IReadOnlyList<SizeFigures> figures =
                await MeasureAsync(options.GetRequiredValue(start), plan, corpus, errors, cancellation);

            SizeFigures.Print(
                $"{plan.Connections} connections, {CommonOptions.NameTexts(files)} texts, {plan.ResponseBytes:N0}-byte responses; "
                + $"median (min-max) of {plan.Rounds} rounds of {plan.Seconds} s; latencies in µs",
                plan, figures);
            if (options.GetValue(plots) is { } folder)
            {
                SizeCharts.Write(plan, figures, folder);
            }

            await Report.WriteJsonAsync(options.GetValue(json), new
            {
                Plan = plan,
                Texts = CommonOptions.NameTexts(files),
                Sizes = figures,
                Errors = errors.Counts,
            });
            return errors.Conclude();
        });
        return command;
    }

    private static async Task<IReadOnlyList<SizeFigures>> MeasureAsync(
        FileInfo program, SizePlan plan, Corpus corpus, ErrorSamples errors, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using var server = ServerProcess.Start(program, folder.Path, ServerTargetOptions.NoRecentMatches);
        await server.WaitUntilReadyAsync(cancellation);
        using var connections = new ServerConnections(server.GrpcAddress, plan.Connections, server);
        return await new SizeRun(server, connections, corpus, plan, errors).RunAsync(cancellation);
    }
}
