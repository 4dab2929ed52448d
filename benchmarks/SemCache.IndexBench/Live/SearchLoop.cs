using System.Diagnostics;
using HdrHistogram;
using SemCache.Core.Indexing;
using SemCache.Peers.Data;

namespace SemCache.IndexBench.Live;

/// <summary>Searches one after the other on a thread of its own, each one timed.</summary>
internal sealed class SearchLoop(VectorIndex index, VectorTable queries, LivePlan plan)
{
    private const double NanosecondsPerSecond = 1e9;
    private const long LongestNanoseconds = 60_000_000_000;

    public Task<LatencyFigures> RunAsync(CancellationToken cancellation) => Task.Factory.StartNew(
        () => Run(cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private LatencyFigures Run(CancellationToken cancellation)
    {
        var times = new LongHistogram(LongestNanoseconds, numberOfSignificantValueDigits: 3);
        ScoredEntry[] nearest = new ScoredEntry[LivePlan.Candidates];
        int[] order = [.. Enumerable.Range(0, queries.Rows)];
        // Hits and misses lie in halves.
        new Random(plan.Seed).Shuffle(order);
        TimeSpan pausedBefore = GC.GetTotalPauseDuration();
        long began = Stopwatch.GetTimestamp();
        long end = began + (plan.Seconds * Stopwatch.Frequency);
        long started = began;
        for (int next = 0; started < end; next = (next + 1) % order.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            index.Search(queries.Row(order[next]), plan.Threshold, plan.Ef, nearest);
            long finished = Stopwatch.GetTimestamp();
            double nanoseconds = (finished - started) * NanosecondsPerSecond / Stopwatch.Frequency;
            times.RecordValue(Math.Min((long)nanoseconds, LongestNanoseconds));
            started = finished;
        }

        return LatencyFigures.Of(
            times, Stopwatch.GetElapsedTime(began, started), GC.GetTotalPauseDuration() - pausedBefore);
    }
}
