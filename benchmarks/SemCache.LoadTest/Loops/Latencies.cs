using System.Diagnostics;
using HdrHistogram;

namespace SemCache.LoadTest.Loops;

/// <summary>Times that many calls record at once; 1 ns to a minute, three digits.</summary>
internal sealed class Latencies
{
    private const long HighestNanoseconds = 60_000_000_000;
    private const double NanosecondsPerMicrosecond = 1000;
    private static readonly double _nanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly LongConcurrentHistogram _nanoseconds =
        new(lowestTrackableValue: 1, HighestNanoseconds, numberOfSignificantValueDigits: 3);

    /// <summary>How many were recorded.</summary>
    public long Count => _nanoseconds.TotalCount;

    /// <summary>Records a time in ticks of <see cref="Stopwatch"/>; what lies outside the range counts as its end.</summary>
    public void Record(long ticks) =>
        _nanoseconds.RecordValue(Math.Clamp((long)(ticks * _nanosecondsPerTick), 1, HighestNanoseconds));

    /// <summary>Joins the times of others.</summary>
    public void Add(Latencies others) => _nanoseconds.Add(others._nanoseconds);

    /// <summary>What the times come to.</summary>
    public Quantiles ToQuantiles() => new(At(50), At(99), At(99.9), At(100));

    private double At(double percentile) =>
        Count == 0 ? 0 : _nanoseconds.GetValueAtPercentile(percentile) / NanosecondsPerMicrosecond;
}

/// <summary>What many times come to, in microseconds; 0 when there were none.</summary>
internal sealed record Quantiles(double P50, double P99, double P999, double Max);
