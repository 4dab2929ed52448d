using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

/// <summary>Vectors that cannot be read back, or are not what they were.</summary>
public sealed class LostVectorTests
{
    private static readonly IndexSettings _early = new(M: 8, EfConstruction: 64, EfSearch: 128, FlatEntries: 64);

    [Theory]
    [InlineData(64)]
    [InlineData(10_000)]
    public void Search_EntryWhoseVectorCannotBeRead_IsScoredByItsQuantisedVector(int flatEntries)
    {
        var vectors = new ClusteredVectors(seed: 1, dimension: 64, clusters: 50, spread: 0.7f);
        var index = new TestIndex(64, _early with { FlatEntries = flatEntries });
        index.AddAll(vectors.Take(500));
        index.Settle();
        Entry entry = index.Entries[250];
        float[] query = vectors.Next();
        ScoredEntry[] before = index.Search(query, 10);

        foreach (Entry lost in index.Entries)
        {
            index.Vectors.Forget(lost);
        }

        ScoredEntry[] found = index.Search(query, 10);
        Assert.Equal(10, found.Length);
        Assert.All(before.Zip(found), pair => Assert.Equal(pair.First.Similarity, pair.Second.Similarity, 5e-3f));
        Assert.Equal(1, index.Search(index.VectorOf(entry), 1)[0].Similarity, 5e-3f);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(10_000)]
    public void Search_EntryEmbeddedAgainWhoseVectorIsLostOrDamaged_IsNotFound(int flatEntries)
    {
        var vectors = new ClusteredVectors(seed: 1, dimension: 64, clusters: 50, spread: 0.7f);
        var index = new TestIndex(64, _early with { FlatEntries = flatEntries });
        index.AddAll(vectors.Take(500));
        index.Settle();
        (Entry lost, Entry damaged, Entry served) = (index.Entries[10], index.Entries[20], index.Entries[30]);
        foreach (Entry entry in new[] { lost, damaged })
        {
            entry.ReembedAddress = entry.Location.Address + (1L << 40);
            index.Vectors[entry] = index.VectorOf(entry).Select(component => component / 2).ToArray();
        }

        index.Vectors.Forget(lost);
        index.Vectors[served] = index.VectorOf(served).Select(component => component / 2).ToArray();

        Assert.DoesNotContain(index.Search(index.VectorOf(lost), 10), scored => scored.Entry == lost);
        Assert.DoesNotContain(index.Search(index.VectorOf(damaged), 10), scored => scored.Entry == damaged);
        ScoredEntry found = index.Search(index.VectorOf(served), 1)[0];
        Assert.Same(served, found.Entry);
        Assert.Equal(1, found.Similarity, 5e-3f);
    }
}
