using HdrHistogram;

namespace SemCache.LoadTest.Load;

/// <summary>One scenario in one round. Latencies are in microseconds.</summary>
internal sealed record RoundFigures(
    long Calls, double CallsPerSecond, double P50, double P99, double P999, double Max, int Errors)
{
    private const double NanosecondsPerMicrosecond = 1000;

    public static RoundFigures Of(HistogramBase nanoseconds, TimeSpan elapsed, int errors) => new(
        nanoseconds.TotalCount,
        nanoseconds.TotalCount / elapsed.TotalSeconds,
        Percentile(nanoseconds, 50),
        Percentile(nanoseconds, 99),
        Percentile(nanoseconds, 99.9),
        Percentile(nanoseconds, 100),
        errors);

    private static double Percentile(HistogramBase nanoseconds, double percentile) =>
        nanoseconds.TotalCount == 0 ? 0 : nanoseconds.GetValueAtPercentile(percentile) / NanosecondsPerMicrosecond;
}
