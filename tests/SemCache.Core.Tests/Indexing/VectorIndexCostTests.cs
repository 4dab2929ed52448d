using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

/// <summary>Bytes, which do not hang on the machine's speed.</summary>
public sealed class VectorIndexCostTests
{
    private const int Dimension = 256;

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void VectorIndex_OfATinyPartition_CostsUnderOneKilobyteBesideItsVectors(int entries)
    {
        const int indexes = 10_000;
        var context = new IndexContext(Dimension, new TestVectors(), new IndexMaintenance(1, _ => { }));
        var memory = new ByteAccount();
        Func<IndexSettings> settings = () => IndexSettings.Default;
        // An index keeps nothing but the reference, so all can have the same entries.
        (Entry Entry, float[] Vector)[] members =
            [.. new ClusteredVectors(1, Dimension, 1, 1).Take(entries).Select(vector => (TestEntries.New(), vector))];
        var kept = new VectorIndex[indexes];
        long rows = 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < indexes; i++)
        {
            kept[i] = new VectorIndex(context, new Lock(), settings, memory);
            foreach ((Entry entry, float[] vector) in members)
            {
                kept[i].Add(entry, vector);
            }

            rows += kept[i].Bytes;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.InRange((allocated - rows) / indexes, 1, 1000);
        GC.KeepAlive(kept);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(900)]
    public void Bytes_OfASmallPartition_AreThoseOfItsVectorsAndAQuarter(int entries)
    {
        var index = new TestIndex(Dimension, IndexSettings.Default);
        index.AddAll(new ClusteredVectors(1, Dimension, 1, 1).Take(entries));
        int needed = entries * (Dimension + sizeof(float) + IntPtr.Size);
        Assert.InRange(index.Index.Bytes, needed, needed * 5 / 4);
    }

    [Theory]
    [InlineData(10_000, -1f)]
    [InlineData(10_000, 0.9f)]
    [InlineData(64, -1f)]
    [InlineData(64, 0.9f)]
    public void Search_Warm_AllocatesNothing(int flatEntries, float threshold)
    {
        var vectors = new ClusteredVectors(seed: 1, Dimension, clusters: 20, spread: 0.5f);
        var index = new TestIndex(Dimension, IndexSettings.Default with { FlatEntries = flatEntries });
        index.AddAll(vectors.Take(1500));
        index.Settle();
        // Some that are not linked.
        index.AddAll(vectors.Take(100));
        Assert.Equal(flatEntries < 1500, index.HasGraph);
        float[][] queries = vectors.Take(50);
        var found = new ScoredEntry[10];

        long least = Allocations.Least(
            () =>
            {
                for (int i = 0; i < 1000; i++)
                {
                    index.Index.Search(queries[i % queries.Length], threshold, found);
                }
            },
            enough: 0);

        Assert.Equal(0, least);
    }
}
