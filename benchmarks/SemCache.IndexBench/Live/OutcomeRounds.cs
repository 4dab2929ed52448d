using System.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.IndexBench.Commands;
using SemCache.Peers.Data;
using SemCache.Peers.Measuring;

namespace SemCache.IndexBench.Live;

/// <summary>Times searches that hit and searches that miss, in turns, on one thread.</summary>
internal sealed class OutcomeRounds(VectorIndex index, VectorTable queries, LivePlan plan)
{
    private readonly ScoredEntry[] _nearest = new ScoredEntry[LivePlan.Candidates];

    /// <exception cref="NotMeasuredException">No query hits, or none misses.</exception>
    public OutcomeCosts Run(CancellationToken cancellation)
    {
        int[] all = [.. Enumerable.Range(0, queries.Rows)];
        float[] truth = new Truth(index, queries).NearestOf(all, cancellation);
        // The first half are fresh points, the second stored ones with noise.
        int[] hits = [.. all.Where(query => query >= all.Length / 2 && truth[query] >= plan.Threshold)];
        int[] misses = [.. all.Where(query => query < all.Length / 2 && truth[query] < plan.Threshold)];
        if (hits.Length == 0 || misses.Length == 0)
        {
            throw new NotMeasuredException(
                $"--threshold {plan.Threshold}: {hits.Length} of the queries hit and {misses.Length} miss; both are needed. "
                + $"The nearest entries have similarities of {truth.Min():0.00} to {truth.Max():0.00}.");
        }

        var costs = new OutcomeCosts(hits.Length, misses.Length, new Samples(), new Samples());
        Time(hits);
        Time(misses);
        for (int round = 0; round < plan.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            costs.Hits.Add(Time(hits));
            costs.Misses.Add(Time(misses));
        }

        return costs;
    }

    // The mean, in microseconds.
    private double Time(int[] asked)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (int query in asked)
        {
            index.Search(queries.Row(query), plan.Threshold, plan.Ef, _nearest);
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / asked.Length;
    }
}
