using System.Diagnostics;
using Grpc.Core;
using HdrHistogram;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Load;

/// <summary>Keeps a number of calls in flight for a while: each worker sends its next when it has its answer.</summary>
internal sealed class ClosedLoop(ServerConnections connections, LoadPlan plan, ErrorSamples errors)
{
    private const long HighestNanoseconds = 60_000_000_000;
    private static readonly double _nanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    /// <summary>Warms up, then measures.</summary>
    public async Task<RoundFigures> RunAsync(Scenario scenario, CancellationToken cancellation)
    {
        int errorsBefore = errors.Total;
        long measureFrom = Stopwatch.GetTimestamp() + (plan.Warmup * Stopwatch.Frequency);
        long measureUntil = measureFrom + (plan.Seconds * Stopwatch.Frequency);
        LongHistogram[] shares = await Task.WhenAll(Enumerable.Range(0, plan.Concurrency).Select(worker => Task.Run(
            () => WorkAsync(scenario, worker, measureFrom, measureUntil, cancellation), cancellation)));

        // Calls begun in time are counted even when they end late, so the clock stops with the last of them:
        // dropping them would hide the slowest ones.
        TimeSpan elapsed = Stopwatch.GetElapsedTime(measureFrom);
        LongHistogram all = NewHistogram();
        foreach (LongHistogram share in shares)
        {
            all.Add(share);
        }

        return RoundFigures.Of(all, elapsed, errors.Total - errorsBefore);
    }

    private async Task<LongHistogram> WorkAsync(
        Scenario scenario, int worker, long measureFrom, long measureUntil, CancellationToken cancellation)
    {
        LongHistogram latencies = NewHistogram();
        ServerConnection connection = connections.For(worker);
        var random = new Random(worker);
        for (long start = Stopwatch.GetTimestamp(); start < measureUntil; start = Stopwatch.GetTimestamp())
        {
            string? error = await CallAsync(scenario, connection, random, cancellation);
            long ticks = Stopwatch.GetTimestamp() - start;
            if (error is not null)
            {
                errors.Add($"{scenario.Name}: {error}");
            }

            if (start >= measureFrom)
            {
                latencies.RecordValue(Math.Clamp((long)(ticks * _nanosecondsPerTick), 1, HighestNanoseconds));
            }
        }

        return latencies;
    }

    private static async Task<string?> CallAsync(
        Scenario scenario, ServerConnection connection, Random random, CancellationToken cancellation)
    {
        try
        {
            return await scenario.CallAsync(connection, random, cancellation);
        }
        catch (RpcException failure) when (!cancellation.IsCancellationRequested)
        {
            return $"{failure.StatusCode}: {failure.Status.Detail}";
        }
    }

    private static LongHistogram NewHistogram() => new(HighestNanoseconds, numberOfSignificantValueDigits: 3);
}
