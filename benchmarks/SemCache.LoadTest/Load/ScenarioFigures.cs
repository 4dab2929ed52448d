using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Load;

/// <summary>One scenario over all rounds: medians, with the least and the most. Latencies are in microseconds.</summary>
internal sealed record ScenarioFigures(
    string Scenario,
    int InFlight,
    string Baseline,
    Spread CallsPerSecond,
    Spread RatioToBaseline,
    Spread P50,
    Spread P99,
    Spread P99RatioToBaseline,
    Spread P999,
    Spread Max,
    Spread ServerPerCall,
    Spread ToolPerCall,
    int Wrong,
    int Failed,
    IReadOnlyList<CallFigures> Rounds)
{
    /// <param name="inFlight">Calls in flight.</param>
    /// <param name="rounds">What was measured.</param>
    /// <param name="baseline">The empty call in the same rounds: what the machine could do at that moment.</param>
    public static ScenarioFigures Of(
        int inFlight, IReadOnlyList<CallFigures> rounds, IReadOnlyList<CallFigures> baseline) => new(
        rounds[0].Target,
        inFlight,
        baseline[0].Target,
        Spread.Of(rounds.Select(round => round.CallsPerSecond)),
        Spread.OfRatios(rounds, baseline, round => round.CallsPerSecond),
        Spread.Of(rounds.Select(round => round.Latency.P50)),
        Spread.Of(rounds.Select(round => round.Latency.P99)),
        Spread.OfRatios(rounds, baseline, round => round.Latency.P99),
        Spread.Of(rounds.Select(round => round.Latency.P999)),
        Spread.Of(rounds.Select(round => round.Latency.Max)),
        Spread.Of(rounds.Select(round => round.ServerPerCall)),
        Spread.Of(rounds.Select(round => round.ToolPerCall)),
        rounds.Sum(round => round.Wrong),
        rounds.Sum(round => round.Failed),
        rounds);

    /// <summary>Prints a table with a row a scenario; the spreads of the latencies are left to the file.</summary>
    public static void Print(string title, IEnumerable<ScenarioFigures> all) => Report.Print(
        title,
        [
            "scenario", "in flight", "calls/s", "ratio to ping", "p50", "p99", "p99 to ping's", "p99.9", "max",
            "server works", "tool works", "wrong", "failed",
        ],
        all.Select(f => (string[])
        [
            f.Scenario, Report.Number(f.InFlight), f.CallsPerSecond.ToString("N0"), f.RatioToBaseline.ToString("0.000"),
            Report.Number(f.P50.Median), Report.Number(f.P99.Median), f.P99RatioToBaseline.ToString("0.00"),
            Report.Number(f.P999.Median), Report.Number(f.Max.Median),
            Report.Number(f.ServerPerCall.Median, "0.0"), Report.Number(f.ToolPerCall.Median, "0.0"),
            Report.Number(f.Wrong), Report.Number(f.Failed),
        ]));
}
