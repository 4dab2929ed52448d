using System.Diagnostics;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Loops;

/// <summary>What calls to one target came to.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Calls">Calls that were answered.</param>
/// <param name="CallsPerSecond">Answers a second; failed calls are none.</param>
/// <param name="Latency">From when a call was due to its answer, in microseconds.</param>
/// <param name="Service">From when a call was sent to its answer, in microseconds.</param>
/// <param name="Wrong">Answers that should have been others.</param>
/// <param name="Failures">Calls that failed, by status.</param>
internal sealed record CallFigures(
    string Target,
    long Calls,
    double CallsPerSecond,
    Quantiles Latency,
    Quantiles Service,
    int Wrong,
    IReadOnlyDictionary<string, int> Failures)
{
    /// <summary>What processors worked meanwhile; null where that was not measured.</summary>
    public ProcessorTime? Work { get; init; }

    /// <summary>Microseconds that processors worked here for a call that was sent; NaN where that is not known.</summary>
    public double ToolPerCall => PerCall(Work?.Tool);

    /// <summary>Microseconds that processors worked in the server for a call that was sent; NaN where that is not known.</summary>
    public double ServerPerCall => PerCall(Work?.Server);

    /// <summary>Calls that failed.</summary>
    public int Failed => Failures.Values.Sum();

    /// <summary>Right answers a second.</summary>
    public double RightPerSecond => Calls == 0 ? 0 : CallsPerSecond * (Calls - Wrong) / Calls;

    /// <summary>Failed calls by status in words.</summary>
    public string DescribeFailures() => Describe(Failures);

    /// <summary>Numbers of failed calls by status in words; those of the same status are added up.</summary>
    public static string Describe(IEnumerable<KeyValuePair<string, int>> failures)
    {
        string[] parts = [.. failures.GroupBy(failure => failure.Key, failure => failure.Value)
            .OrderBy(status => status.Key, StringComparer.Ordinal)
            .Select(status => $"{Report.Number(status.Sum())} {status.Key}")];
        return parts.Length == 0 ? "0" : string.Join(", ", parts);
    }

    /// <summary>Right answers a second of a processor's work in the server; NaN where that is not known.</summary>
    public double RightPerServerSecond =>
        Work?.Server is { TotalSeconds: > 0 and double seconds } ? (Calls - Wrong) / seconds : double.NaN;

    // What was not sent took nobody's time.
    private long Sent => Calls + Failed - Failures.GetValueOrDefault(OpenLoop.Unsent);

    private double PerCall(TimeSpan? work) => work is { } time && Sent > 0 ? time.TotalMicroseconds / Sent : double.NaN;

    /// <param name="target">The target's name.</param>
    /// <param name="tally">What became of its calls.</param>
    /// <param name="from">When measuring began.</param>
    /// <param name="until">When it ended.</param>
    public static CallFigures Of(string target, Tally tally, long from, long until)
    {
        // Calls begun in time are counted even when they end late, so the clock stops with the last of them:
        // dropping them would hide the slowest ones.
        double seconds = Stopwatch.GetElapsedTime(from, Math.Max(until, tally.LastAnswer)).TotalSeconds;
        return new CallFigures(
            target, tally.Answered.Count, tally.Answered.Count / seconds, tally.Answered.ToQuantiles(),
            tally.Service.ToQuantiles(), tally.Wrong, new SortedDictionary<string, int>(tally.Failures.ToDictionary()));
    }
}
