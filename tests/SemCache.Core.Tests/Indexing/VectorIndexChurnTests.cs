using SemCache.Core.Indexing;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

/// <summary>An index that forgets as much as it learns stays what a fresh one is.</summary>
public sealed class VectorIndexChurnTests
{
    private const int Entries = 5000;

    // Replaced between two visits of maintenance.
    private const int Step = 100;

    [Fact]
    public void Search_AfterHalfWasReplacedTenTimes_IsAsGoodAndAsSmallAsAFreshBuild()
    {
        const int seeds = 2;
        var lost = new (double AtOne, double AtTen)[seeds];

        Parallel.For(0, seeds, seed => lost[seed] = LoseByChurn(seed));

        // Measured: 0.000 and 0.001, from 0.989 and 0.963.
        Assert.InRange(lost.Average(recall => recall.AtOne), -1, 0.005);
        Assert.InRange(lost.Average(recall => recall.AtTen), -1, 0.005);
    }

    // One thread, so that a seed always gives the same graph.
    private static (double AtOne, double AtTen) LoseByChurn(int seed)
    {
        IndexSettings graph = IndexSettings.Default with { FlatEntries = 64 };
        var vectors = new ClusteredVectors(seed, dimension: 64, clusters: 100, spread: 1.5f);
        var random = new Random(seed);
        var churned = new TestIndex(64, graph);
        churned.AddAll(vectors.Take(Entries));
        churned.Settle();
        for (int replaced = 0; replaced < 10 * Entries / 2; replaced += Step)
        {
            for (int i = 0; i < Step; i++)
            {
                churned.RemoveAt(random.Next(churned.Entries.Count));
            }

            churned.AddAll(vectors.Take(Step));
            churned.Settle();
        }

        var fresh = new TestIndex(64, graph);
        fresh.AddAll(churned.Entries.Select(churned.VectorOf));
        fresh.Settle();

        Assert.Empty(churned.Index.Validate().Problems);
        Assert.InRange(churned.Index.Bytes, fresh.Index.Bytes * 0.9, fresh.Index.Bytes * 1.1);
        float[][] queries = vectors.Take(800);
        (double AtOne, double AtTen) before = fresh.Recall(queries, ef: 32);
        (double AtOne, double AtTen) after = churned.Recall(queries, ef: 32);
        return (before.AtOne - after.AtOne, before.AtTen - after.AtTen);
    }
}
