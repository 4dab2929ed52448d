using HdrHistogram;

namespace SemCache.StorageBench.Figures;

/// <summary>Latencies of calls that many tasks record.</summary>
internal sealed class Latencies
{
    private const long HighestMicroseconds = 60_000_000;
    private const int Digits = 3;

    private readonly Lock _gate = new();
    private LongHistogram _current = New();

    public void Record(TimeSpan latency)
    {
        lock (_gate)
        {
            _current.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, HighestMicroseconds));
        }
    }

    /// <summary>What was recorded since the last time.</summary>
    public LongHistogram Take()
    {
        lock (_gate)
        {
            LongHistogram taken = _current;
            _current = New();
            return taken;
        }
    }

    /// <summary>All of them together.</summary>
    public static LongHistogram Merge(IEnumerable<LongHistogram> parts)
    {
        LongHistogram all = New();
        foreach (LongHistogram part in parts)
        {
            all.Add(part);
        }

        return all;
    }

    private static LongHistogram New() => new(HighestMicroseconds, Digits);
}

/// <summary>What a histogram comes to, in milliseconds.</summary>
internal sealed record Quantiles(long Calls, double P50, double P99, double P999, double Max)
{
    public static Quantiles Of(HistogramBase microseconds) => new(
        microseconds.TotalCount,
        Milliseconds(microseconds, 50),
        Milliseconds(microseconds, 99),
        Milliseconds(microseconds, 99.9),
        Milliseconds(microseconds, 100));

    private static double Milliseconds(HistogramBase microseconds, double percentile) =>
        microseconds.TotalCount == 0 ? 0 : microseconds.GetValueAtPercentile(percentile) / 1000.0;
}
