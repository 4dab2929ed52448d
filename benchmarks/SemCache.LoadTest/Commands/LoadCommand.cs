using System.CommandLine;
using SemCache.LoadTest.Load;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Commands;

/// <summary>`load`: how many calls of each kind a server answers, and how soon, next to the empty call.</summary>
internal static class LoadCommand
{
    private const int ReadBackSample = 1000;

    public static Command Create()
    {
        var server = new ServerTargetOptions();
        Option<int> connections = CommonOptions.Count("--connections", 4, "HTTP/2 connections.");
        Option<int> concurrency = CommonOptions.Count("--concurrency", 16, "Calls in flight over all connections.");
        Option<int> seconds = CommonOptions.Count("--seconds", 5, "Length of one measurement.");
        Option<int> warmup = CommonOptions.Count("--warmup", 1, "Seconds of the same calls before each measurement.");
        Option<int> rounds = CommonOptions.Count("--rounds", 5, "Rounds, after one more that is not counted.");
        Option<int> entries = CommonOptions.Count("--entries", 10_000, "Entries in the namespace that is looked up.");
        Option<int> bytes = CommonOptions.Count("--response-bytes", 1000, "Size of each response.");
        Option<FileInfo> texts = CommonOptions.Texts();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("load", "Calls per second and latencies of ping, exact, semantic, miss and store.")
        {
            connections, concurrency, seconds, warmup, rounds, entries, bytes, texts, json,
        };
        server.AddTo(command);
        command.SetAction(async (options, cancellation) =>
        {
            var plan = new LoadPlan(
                options.GetValue(connections), options.GetValue(concurrency), options.GetValue(seconds),
                options.GetValue(warmup), options.GetValue(rounds), options.GetValue(entries),
                options.GetValue(bytes));
            FileInfo? source = options.GetValue(texts);
            IReadOnlyList<string> prompts = CommonOptions.TakeTexts(source, LoadPreparation.TextsNeeded(plan));
            await using ServerTarget target = server.Open(options);
            using ServerConnections all = await target.ConnectAsync(plan.Connections, cancellation);
            var errors = new ErrorSamples();
            IReadOnlyList<ScenarioFigures> figures = await MeasureAsync(all, plan, prompts, errors, cancellation);

            ScenarioFigures.Print(plan, figures);
            await Report.WriteJsonAsync(options.GetValue(json), new
            {
                Plan = plan,
                Texts = source?.Name ?? "generated",
                Scenarios = figures,
                Errors = errors.Counts,
            });
            return Conclude(errors);
        });
        return command;
    }

    private static async Task<IReadOnlyList<ScenarioFigures>> MeasureAsync(
        ServerConnections connections,
        LoadPlan plan,
        IReadOnlyList<string> texts,
        ErrorSamples errors,
        CancellationToken cancellation)
    {
        await using var preparation = new LoadPreparation(connections, plan, texts);
        IReadOnlyList<Scenario> scenarios = await preparation.RunAsync(cancellation);
        var measured = scenarios.ToDictionary(scenario => scenario, _ => new List<RoundFigures>());
        var loop = new ClosedLoop(connections, plan, errors);
        // Round 0 is not counted: both sides are still being compiled, which whoever comes first would pay for.
        for (int round = 0; round <= plan.Rounds; round++)
        {
            // All scenarios in every round: whatever else the machine does meets all of them, and the empty call.
            foreach (Scenario scenario in scenarios)
            {
                RoundFigures figures = await loop.RunAsync(scenario, cancellation);
                Report.Progress($"Round {round}: {scenario.Name} {figures.CallsPerSecond:N0}/s");
                if (round > 0)
                {
                    measured[scenario].Add(figures);
                }
            }
        }

        foreach (StoreScenario stores in scenarios.OfType<StoreScenario>())
        {
            foreach (string wrong in await stores.ReadBackAsync(
                connections, plan.Concurrency, ReadBackSample, cancellation))
            {
                errors.Add($"{stores.Name}, read back: {wrong}");
            }
        }

        List<RoundFigures> pings = measured[scenarios[0]];
        return [.. scenarios.Select(scenario => ScenarioFigures.Of(scenario.Name, measured[scenario], pings))];
    }

    private static int Conclude(ErrorSamples errors)
    {
        foreach ((string error, int count) in errors.Counts)
        {
            Console.Error.WriteLine($"{count:N0} x {error}");
        }

        return errors.Total == 0 ? CommandRunner.Right : CommandRunner.Wrong;
    }
}
