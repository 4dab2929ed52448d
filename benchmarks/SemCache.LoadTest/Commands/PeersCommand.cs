using System.CommandLine;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Load;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Peers;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Commands;

/// <summary>`peers`: hits of a SemCache server next to what else one could use, in the same rounds.</summary>
internal static class PeersCommand
{
    private static readonly string[] _ours =
        [PeerNames.ExactServer, PeerNames.ExactEngine, PeerNames.SemanticServer, PeerNames.SemanticEngine];

    public static Command Create()
    {
        var server = new ServerTargetOptions();
        Option<int> connections = CommonOptions.Connections();
        Option<int> inFlight = CommonOptions.InFlight();
        Option<int> seconds = CommonOptions.Seconds("Length of one measurement.");
        Option<int> warmup = CommonOptions.Warmup();
        Option<int> rounds = CommonOptions.Count("--rounds", 5, "Rounds, after one more that is not counted.");
        Option<int> entries = CommonOptions.Entries();
        Option<int> bytes = CommonOptions.ResponseBytes();
        Option<FileInfo[]> texts = CommonOptions.Texts();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command(
            "peers", "Exact and semantic hits next to Garnet (GET; VSIM with an embedding made here) and the engine in process.")
        {
            connections, inFlight, seconds, warmup, rounds, entries, bytes, texts, json,
        };
        server.AddTo(command);
        command.SetAction(async (options, cancellation) =>
        {
            var plan = new LoadPlan(
                options.GetValue(connections), options.GetValue(inFlight), Writers: 0, options.GetValue(seconds),
                options.GetValue(warmup), options.GetValue(rounds), options.GetValue(entries), options.GetValue(bytes));
            FileInfo[] files = options.GetRequiredValue(texts);
            IReadOnlyList<string> prompts = CommonOptions.TakeTexts(files, Corpus.TextsNeeded(plan.Entries));
            await using ServerTarget target = server.Open(options);
            var errors = new ErrorSamples();
            IReadOnlyList<ScenarioFigures> figures = await MeasureAsync(target, plan, prompts, errors, cancellation);

            PeerTables.Print(plan.Describe(CommonOptions.NameTexts(files)), figures);
            await Report.WriteJsonAsync(options.GetValue(json), new
            {
                Plan = plan,
                Texts = CommonOptions.NameTexts(files),
                Scenarios = figures,
                Errors = errors.Counts,
            });
            errors.Conclude();
            // A peer that finds another entry than SemCache is no mistake of this run.
            return figures.Any(f => f.Wrong > 0 && _ours.Contains(f.Scenario)) ? CommandRunner.Wrong : CommandRunner.Right;
        });
        return command;
    }

    private static async Task<IReadOnlyList<ScenarioFigures>> MeasureAsync(
        ServerTarget target,
        LoadPlan plan,
        IReadOnlyList<string> texts,
        ErrorSamples errors,
        CancellationToken cancellation)
    {
        using ServerConnections connections = await target.ConnectAsync(plan.Connections, cancellation);
        await using var peers = new PeerScenarios(connections, plan, texts);
        IReadOnlyList<Scenario> scenarios = await peers.CreateAsync(cancellation);
        var rounds = new Rounds(plan.Rounds, LoopTime.Seconds(plan.Warmup, plan.Seconds), errors);
        return await rounds.RunAsync(scenarios, cancellation);
    }
}
