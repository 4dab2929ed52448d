using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Levels;

/// <summary>One share of the load over all rounds: medians, with the least and the most. Times are in microseconds.</summary>
internal sealed record LevelSummary(
    string Kind,
    double Share,
    Spread Offered,
    Spread RightPerSecond,
    Spread P50,
    Spread P99,
    Spread P999,
    Spread ServiceP50,
    Spread ServiceP99,
    Spread LagP99,
    Spread ServerPerCall,
    Spread ToolPerCall,
    int Wrong,
    string Failures,
    IReadOnlyList<LevelFigures> Rounds)
{
    public static LevelSummary Of(IReadOnlyList<LevelFigures> rounds) => new(
        rounds[0].Calls.Target,
        rounds[0].Share,
        Spread.Of(rounds.Select(round => round.Offered)),
        Spread.Of(rounds.Select(round => round.Calls.RightPerSecond)),
        Spread.Of(rounds.Select(round => round.Calls.Latency.P50)),
        Spread.Of(rounds.Select(round => round.Calls.Latency.P99)),
        Spread.Of(rounds.Select(round => round.Calls.Latency.P999)),
        Spread.Of(rounds.Select(round => round.Calls.Service.P50)),
        Spread.Of(rounds.Select(round => round.Calls.Service.P99)),
        Spread.Of(rounds.Select(round => round.Lag.P99)),
        Spread.Of(rounds.Select(round => round.Calls.ServerPerCall)),
        Spread.Of(rounds.Select(round => round.Calls.ToolPerCall)),
        rounds.Sum(round => round.Calls.Wrong),
        CallFigures.Describe(rounds.SelectMany(round => round.Calls.Failures)),
        rounds);

    /// <summary>Prints a table with a row a level.</summary>
    public static void Print(string title, IEnumerable<LevelSummary> levels) => Report.Print(
        title,
        [
            "kind", "load", "offered/s", "right answers/s", "p50", "p99", "p99.9", "p50 once sent", "p99 once sent",
            "sent late, p99", "server works", "tool works", "wrong", "failed",
        ],
        levels.Select(f => (string[])
        [
            f.Kind, Report.Number(f.Share, "P0"), Report.Number(f.Offered.Median), f.RightPerSecond.ToString("N0"),
            Report.Number(f.P50.Median), f.P99.ToString("N0"), Report.Number(f.P999.Median),
            Report.Number(f.ServiceP50.Median), Report.Number(f.ServiceP99.Median), Report.Number(f.LagP99.Median),
            Report.Number(f.ServerPerCall.Median), Report.Number(f.ToolPerCall.Median), Report.Number(f.Wrong), f.Failures,
        ]));
}
