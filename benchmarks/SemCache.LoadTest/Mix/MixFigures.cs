using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Mix;

/// <summary>What a mix came to.</summary>
/// <param name="Kinds">The figures of each kind of call.</param>
/// <param name="Total">Of all kinds together.</param>
/// <param name="Lag">How late this side sent its calls, in microseconds; part of the latencies of an open loop.</param>
internal sealed record MixFigures(IReadOnlyList<CallFigures> Kinds, CallFigures Total, Quantiles Lag)
{
    public static MixFigures Of(LoopRecord record) =>
        new(record.ToFigures(), record.ToTotal(), record.Lag.ToQuantiles());

    /// <summary>Prints a table with a row a kind.</summary>
    public void Print(string title) => Report.Print(
        title,
        ["kind", "calls", "calls/s", "p50", "p99", "p99.9", "max", "p50 once sent", "p99 once sent", "wrong", "failed"],
        Kinds.Append(Total).Select(f => (string[])
        [
            f.Target, Report.Number(f.Calls), Report.Number(f.CallsPerSecond), Report.Number(f.Latency.P50),
            Report.Number(f.Latency.P99), Report.Number(f.Latency.P999), Report.Number(f.Latency.Max),
            Report.Number(f.Service.P50), Report.Number(f.Service.P99), Report.Number(f.Wrong), f.DescribeFailures(),
        ]));
}
