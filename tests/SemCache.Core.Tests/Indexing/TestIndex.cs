using System.Numerics.Tensors;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

/// <summary>A vector index and, beside it, its oracle: all entries with their vectors, compared one by one.</summary>
internal sealed class TestIndex
{
    // Similarities are true to this.
    public const float Exactness = 1e-5f;

    private readonly Dictionary<Entry, float[]> _live = [];

    public TestIndex(int dimension, IndexSettings? settings = null)
    {
        Settings = settings ?? IndexSettings.Default;
        Index = new VectorIndex(
            new IndexContext(dimension, Vectors, new IndexMaintenance(1, _ => { })), Gate, () => Settings, Memory);
    }

    public VectorIndex Index { get; }

    public Lock Gate { get; } = new();

    public ByteAccount Memory { get; } = new();

    public TestVectors Vectors { get; } = new();

    public IndexSettings Settings { get; set; }

    public List<Entry> Entries { get; } = [];

    public bool HasGraph => Index.Validate().Linked > 0;

    public Entry Add(float[] vector)
    {
        Entry entry = TestEntries.New();
        Vectors[entry] = vector;
        lock (Gate)
        {
            Index.Add(entry, vector);
        }

        Entries.Add(entry);
        _live.Add(entry, vector);
        return entry;
    }

    public void AddAll(IEnumerable<float[]> vectors)
    {
        foreach (float[] vector in vectors)
        {
            Add(vector);
        }
    }

    /// <summary>
    /// Removes the entry at a place of <see cref="Entries"/>. It is not marked as removed, as a partition would: that
    /// it is never found again is up to the index alone.
    /// </summary>
    public void RemoveAt(int place)
    {
        Entry entry = Entries[place];
        lock (Gate)
        {
            Index.Remove(entry);
        }

        Entries[place] = Entries[^1];
        Entries.RemoveAt(Entries.Count - 1);
        _live.Remove(entry);
    }

    public float[] VectorOf(Entry entry) => _live[entry];

    /// <summary>Lets maintenance run until nothing is left to do.</summary>
    public void Settle(int threads = 1)
    {
        while (Index.Maintain(threads))
        {
        }
    }

    public ScoredEntry[] Search(float[] query, int most, float threshold = -1)
    {
        var found = new ScoredEntry[most];
        return found[..Index.Search(query, threshold, found)];
    }

    /// <summary>What a search should find.</summary>
    public ScoredEntry[] Nearest(float[] query, int most)
    {
        float[] farness = new float[Entries.Count];
        for (int i = 0; i < farness.Length; i++)
        {
            farness[i] = -TensorPrimitives.Dot<float>(query, _live[Entries[i]]);
        }

        Entry[] entries = [.. Entries];
        Array.Sort(farness, entries);
        return [.. entries.Zip(farness, (entry, far) => new ScoredEntry(entry, -far)).Take(most)];
    }

    /// <summary>Asserts that what was found is in order, live, with true similarities, and nothing twice.</summary>
    public void AssertTrue(float[] query, ScoredEntry[] found)
    {
        Assert.Equal(found.Length, found.DistinctBy(scored => scored.Entry).Count());
        Assert.Equal(found.OrderByDescending(scored => scored.Similarity), found);
        Assert.All(found, scored =>
        {
            Assert.True(_live.TryGetValue(scored.Entry, out float[]? vector), "An entry was found that was removed.");
            Assert.Equal(TensorPrimitives.Dot<float>(query, vector), scored.Similarity, Exactness);
        });
    }

    /// <summary>Asserts that what was found is what should be found; which of equals does not matter.</summary>
    public void AssertNearest(float[] query, ScoredEntry[] found, int most)
    {
        AssertTrue(query, found);
        ScoredEntry[] expected = Nearest(query, most);
        Assert.Equal(expected.Length, found.Length);
        Assert.All(found.Zip(expected), pair => Assert.Equal(pair.Second.Similarity, pair.First.Similarity, Exactness));
    }

    /// <summary>The share of the nearest, and of the ten nearest, that searches for ten find.</summary>
    public (double AtOne, double AtTen) Recall(float[][] queries, int ef)
    {
        const int most = 10;
        var found = new ScoredEntry[most];
        int atOne = 0;
        int atTen = 0;
        foreach (float[] query in queries)
        {
            ScoredEntry[] expected = Nearest(query, most);
            int count = Index.Search(query, -1, ef, found);
            // Whatever is as near as what is wanted is right.
            atOne += count > 0 && found[0].Similarity >= expected[0].Similarity - Exactness ? 1 : 0;
            atTen += found.Take(count).Count(scored => scored.Similarity >= expected[^1].Similarity - Exactness);
        }

        return ((double)atOne / queries.Length, (double)atTen / (queries.Length * most));
    }
}
