using System.CommandLine;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Load;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Commands;

/// <summary>`load`: how many calls of each kind a server answers, and how soon, next to the empty call.</summary>
internal static class LoadCommand
{
    private const int ReadBackSample = 1000;

    public static Command Create()
    {
        var server = new ServerTargetOptions();
        Option<string[]> kinds =
            CommonOptions.Kinds("Kinds of calls, in turns.", LoadScenarios.Kinds, LoadScenarios.Kinds);
        Option<int> connections = CommonOptions.Connections();
        Option<int> inFlight = CommonOptions.InFlight();
        Option<int> writers = CommonOptions.Count("--writers", 64, "Stores in flight over all connections.");
        Option<int> seconds = CommonOptions.Seconds("Length of one measurement.");
        Option<int> warmup = CommonOptions.Warmup();
        Option<int> rounds = CommonOptions.Count("--rounds", 5, "Rounds, after one more that is not counted.");
        Option<int> entries = CommonOptions.Entries();
        Option<int> bytes = CommonOptions.ResponseBytes();
        Option<FileInfo[]> texts = CommonOptions.Texts();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("load", "Calls per second and latencies of ping, exact, semantic, miss and store.")
        {
            kinds, connections, inFlight, writers, seconds, warmup, rounds, entries, bytes, texts, json,
        };
        server.AddTo(command);
        command.SetAction(async (options, cancellation) =>
        {
            var plan = new LoadPlan(
                options.GetValue(connections), options.GetValue(inFlight), options.GetValue(writers),
                options.GetValue(seconds), options.GetValue(warmup), options.GetValue(rounds),
                options.GetValue(entries), options.GetValue(bytes));
            FileInfo[] files = options.GetRequiredValue(texts);
            IReadOnlyList<string> prompts = CommonOptions.TakeTexts(files, Corpus.TextsNeeded(plan.Entries));
            await using ServerTarget first = server.Open(options);
            string[] asked = [.. options.GetRequiredValue(kinds).Distinct()];
            await using ServerTarget? second =
                asked.Contains(LoadScenarios.SemanticAgain) ? server.OpenSecond(options) : null;
            if (second is null)
            {
                // Of somebody else's server, rewordings are whichever it makes of them.
                asked = [.. asked.Select(kind => kind == LoadScenarios.SemanticAgain ? KindTargets.Semantic : kind).Distinct()];
            }

            var errors = new ErrorSamples();
            IReadOnlyList<ScenarioFigures> figures =
                await MeasureAsync(first, second, asked, plan, prompts, errors, cancellation);

            ScenarioFigures.Print(plan.Describe(CommonOptions.NameTexts(files)), figures);
            await Report.WriteJsonAsync(options.GetValue(json), new
            {
                Plan = plan,
                Texts = CommonOptions.NameTexts(files),
                Scenarios = figures,
                Errors = errors.Counts,
            });
            return errors.Conclude();
        });
        return command;
    }

    private static async Task<IReadOnlyList<ScenarioFigures>> MeasureAsync(
        ServerTarget first,
        ServerTarget? second,
        IReadOnlyList<string> kinds,
        LoadPlan plan,
        IReadOnlyList<string> texts,
        ErrorSamples errors,
        CancellationToken cancellation)
    {
        using ServerConnections connections = await first.ConnectAsync(plan.Connections, cancellation);
        using ServerConnections? others =
            second is null ? null : await second.ConnectAsync(plan.Connections, cancellation);
        await using var scenarios = new LoadScenarios(plan, texts);
        List<Scenario> all = [.. await scenarios.OfAsync(kinds, connections, cancellation)];
        if (others is not null)
        {
            all.AddRange(await scenarios.SemanticAsync(others, cancellation));
        }

        var rounds = new Rounds(plan.Rounds, LoopTime.Seconds(plan.Warmup, plan.Seconds), errors);
        IReadOnlyList<ScenarioFigures> figures = await rounds.RunAsync(all, cancellation);
        if (scenarios.Stores is { } stores)
        {
            foreach (string wrong in await stores.ReadBackAsync(plan.InFlight, ReadBackSample, cancellation))
            {
                errors.Add("stores, read back", CallOutcome.Answered(wrong));
            }
        }

        return figures;
    }
}
