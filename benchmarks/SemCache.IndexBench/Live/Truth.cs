using SemCache.Core.Indexing;
using SemCache.Peers.Data;

namespace SemCache.IndexBench.Live;

/// <summary>What a scan says of queries, by all cores.</summary>
internal sealed class Truth(VectorIndex index, VectorTable queries)
{
    // Far above the rounding of a float32 sum, far below what tells two texts apart.
    private const float Tolerance = 1e-6f;

    /// <summary>The similarity of each query's nearest entry.</summary>
    public float[] NearestOf(IReadOnlyList<int> asked, CancellationToken cancellation) =>
        FirstOf(asked, (query, nearest) => index.Scan(query, nearest), cancellation);

    /// <summary>How much of the truth searches find now. Nothing is written meanwhile.</summary>
    public RecallFigures Compare(LivePlan plan, IReadOnlyList<int> asked, CancellationToken cancellation)
    {
        float[] truth = NearestOf(asked, cancellation);
        float[] free = FirstOf(asked, (query, nearest) => index.Search(query, -1, plan.Ef, nearest), cancellation);
        float[] bound = FirstOf(
            asked, (query, nearest) => index.Search(query, plan.Threshold, plan.Ef, nearest), cancellation);
        int[] hits = [.. Enumerable.Range(0, truth.Length).Where(i => truth[i] >= plan.Threshold)];
        return new RecallFigures(
            asked.Count,
            truth.Zip(free, IsFound).Average(),
            hits.Length == 0 ? 1 : hits.Average(i => IsFound(truth[i], bound[i])));

        static double IsFound(float nearest, float found) => found >= nearest - Tolerance ? 1 : 0;
    }

    private float[] FirstOf(
        IReadOnlyList<int> asked, Func<ReadOnlySpan<float>, ScoredEntry[], int> find, CancellationToken cancellation)
    {
        float[] similarities = new float[asked.Count];
        Parallel.For(
            0,
            asked.Count,
            new ParallelOptions { CancellationToken = cancellation },
            () => new ScoredEntry[LivePlan.Candidates],
            (i, _, nearest) =>
            {
                similarities[i] = find(queries.Row(asked[i]), nearest) > 0 ? nearest[0].Similarity : -1;
                return nearest;
            },
            _ => { });
        return similarities;
    }
}
