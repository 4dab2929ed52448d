using System.Diagnostics;
using HdrHistogram;

namespace SemCache.StorageBench.Appends;

/// <summary>Writers that each append the next when the one before is durable, for a while.</summary>
internal static class WriterLoop
{
    private const long HighestNanoseconds = 60_000_000_000;
    private static readonly double _nanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    // Until code is compiled and the first segment file exists.
    private static readonly TimeSpan _warmup = TimeSpan.FromMilliseconds(500);

    /// <summary>Appends a second and the 99th percentile of their latency.</summary>
    public static async Task<WriterFigures> RunAsync(
        IAppendTarget target, int writers, int seconds, CancellationToken cancellation)
    {
        long from = Stopwatch.GetTimestamp() + (long)(_warmup.TotalSeconds * Stopwatch.Frequency);
        long until = from + (seconds * Stopwatch.Frequency);
        LongHistogram[] shares = await Task.WhenAll(Enumerable.Range(0, writers).Select(
            writer => Task.Run(() => WriteAsync(target, writer, from, until, cancellation), cancellation)));

        // The clock stops with the last append: dropping those that end late would hide the slowest ones.
        TimeSpan elapsed = Stopwatch.GetElapsedTime(from);
        var all = new LongHistogram(HighestNanoseconds, numberOfSignificantValueDigits: 3);
        foreach (LongHistogram share in shares)
        {
            all.Add(share);
        }

        return new WriterFigures(all.TotalCount / elapsed.TotalSeconds, all.GetValueAtPercentile(99) / 1e6);
    }

    private static async Task<LongHistogram> WriteAsync(
        IAppendTarget target, int writer, long from, long until, CancellationToken cancellation)
    {
        var latencies = new LongHistogram(HighestNanoseconds, numberOfSignificantValueDigits: 3);
        int number = 0;
        for (long start = Stopwatch.GetTimestamp(); start < until; start = Stopwatch.GetTimestamp())
        {
            cancellation.ThrowIfCancellationRequested();
            await target.AppendAsync(writer, number++);
            if (start >= from)
            {
                long ticks = Stopwatch.GetTimestamp() - start;
                latencies.RecordValue(Math.Clamp((long)(ticks * _nanosecondsPerTick), 1, HighestNanoseconds));
            }
        }

        return latencies;
    }
}

/// <summary>What one way gave in one round.</summary>
/// <param name="PerSecond">Durable appends a second.</param>
/// <param name="P99">99th percentile of their latency, in milliseconds.</param>
internal readonly record struct WriterFigures(double PerSecond, double P99);
