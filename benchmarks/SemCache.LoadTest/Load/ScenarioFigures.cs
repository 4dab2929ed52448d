using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Load;

/// <summary>One scenario over all rounds: medians, with the least and the most.</summary>
internal sealed record ScenarioFigures(
    string Scenario,
    Spread CallsPerSecond,
    Spread RatioToPing,
    Spread P50,
    Spread P99,
    Spread P999,
    Spread Max,
    int Errors,
    IReadOnlyList<RoundFigures> Rounds)
{
    /// <param name="scenario">The scenario's name.</param>
    /// <param name="rounds">What was measured.</param>
    /// <param name="pings">The empty call in the same rounds: what the machine could do at that moment.</param>
    public static ScenarioFigures Of(
        string scenario, IReadOnlyList<RoundFigures> rounds, IReadOnlyList<RoundFigures> pings) => new(
        scenario,
        Spread.Of(rounds.Select(round => round.CallsPerSecond)),
        Spread.Of(rounds.Zip(pings, (round, ping) => round.CallsPerSecond / ping.CallsPerSecond)),
        Spread.Of(rounds.Select(round => round.P50)),
        Spread.Of(rounds.Select(round => round.P99)),
        Spread.Of(rounds.Select(round => round.P999)),
        Spread.Of(rounds.Select(round => round.Max)),
        rounds.Sum(round => round.Errors),
        rounds);

    public static void Print(LoadPlan plan, IEnumerable<ScenarioFigures> all) => Report.Print(
        $"{plan.Concurrency} calls in flight over {plan.Connections} connections, {plan.Entries:N0} entries; "
        + $"median (min-max) of {plan.Rounds} rounds of {plan.Seconds} s; latencies in µs",
        ["scenario", "calls/s", "ratio to ping", "p50", "p99", "p99.9", "max", "errors"],
        all.Select(f => (string[])
        [
            f.Scenario, f.CallsPerSecond.ToString("N0"), f.RatioToPing.ToString("0.000"), f.P50.ToString("N0"),
            f.P99.ToString("N0"), f.P999.ToString("N0"), f.Max.ToString("N0"), Report.Number(f.Errors),
        ]));
}
