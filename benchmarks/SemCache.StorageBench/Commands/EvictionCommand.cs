using System.CommandLine;
using SemCache.Core;
using SemCache.IndexBench.Commands;
using SemCache.LoadTest.Reporting;
using SemCache.StorageBench.Eviction.Replays;
using SemCache.StorageBench.Eviction.Traces;

namespace SemCache.StorageBench.Commands;

/// <summary>`eviction`: what every policy keeps of a skewed trace with unequal sizes and costs.</summary>
internal static class EvictionCommand
{
    private const double Skew = 0.9;
    private const double OnceShare = 0.2;
    private const double ShiftShare = 0.1;

    private static readonly double[] _budgetShares = [0.01, 0.05, 0.1, 0.25];

    public static Command Create()
    {
        Option<int> requests = CommonOptions.Number("--requests", 1_000_000, 1000, 100_000_000, "Requests of the trace.");
        Option<int> items = CommonOptions.Number("--items", 100_000, 100, 10_000_000, "Items that are popular at a time.");
        Option<int> shifts = CommonOptions.Number("--shifts", 10, 0, 1000, "Times that a tenth of them is replaced.");
        Option<int> seed = CommonOptions.Number("--seed", 1, 0, int.MaxValue, "Chooses items, sizes, costs and order.");
        Option<FileInfo> json = CommonOptions.Json();
        var command = new Command("eviction", "Replays a trace on every policy, by share of the working set that fits.")
        {
            requests, items, shifts, seed, json,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var plan = new TracePlan(
                parse.GetValue(requests), parse.GetValue(items), Skew, OnceShare, parse.GetValue(shifts), ShiftShare,
                parse.GetValue(seed));
            Trace trace = Trace.Generate(plan);
            long workingSet = trace.WorkingSet;
            List<ReplayFigures> figures = Replay(trace, workingSet, cancellation);
            Print(plan, workingSet, figures);
            await Report.WriteJsonAsync(parse.GetValue(json), new { Plan = plan, WorkingSet = workingSet, Replays = figures });
            return CommandRunner.Right;
        });
        return command;
    }

    private static List<ReplayFigures> Replay(Trace trace, long workingSet, CancellationToken cancellation)
    {
        var figures = new List<ReplayFigures>();
        foreach (double share in _budgetShares)
        {
            long budget = (long)(workingSet * share);
            foreach (EvictionPolicy policy in Enum.GetValues<EvictionPolicy>())
            {
                cancellation.ThrowIfCancellationRequested();
                figures.Add(PolicyReplay.Run(trace, policy, share, budget));
            }

            figures.Add(ClairvoyantReplay.Run(trace, share, budget));
        }

        figures.Add(ClairvoyantReplay.Run(trace, 1, workingSet) with { Policy = "no limit" });
        return figures;
    }

    private static void Print(TracePlan plan, long workingSet, List<ReplayFigures> figures) => Report.Print(
        $"{Report.Number(plan.Requests)} requests, working set {Report.Number(workingSet / 1e6)} MB, seed {plan.Seed}",
        ["policy", "budget", "hit rate", "byte hit rate", "cost saved", "ns a request"],
        figures.Select(replay => (string[])
        [
            replay.Policy,
            Report.Number(replay.BudgetShare, "P0"),
            Report.Number(replay.HitRate, "P1"),
            Report.Number(replay.ByteHitRate, "P1"),
            Report.Number(replay.CostSaved, "P1"),
            Report.Number(replay.NanosecondsARequest),
        ]));
}
