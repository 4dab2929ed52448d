using CsCheck;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

/// <summary>The oracle compares every entry with the query in single precision.</summary>
public sealed class VectorIndexTests
{
    private static readonly IndexSettings _early = new(M: 8, EfConstruction: 64, EfSearch: 128, FlatEntries: 64);

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(256)]
    [InlineData(387)]
    public void Search_FlatAfterRandomAddsAndRemoves_EqualsTheOracle(int dimension) =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 400]).Sample(
            (seed, operations) =>
            {
                var random = new Random(seed);
                var index = new TestIndex(dimension);
                for (int i = 0; i < operations; i++)
                {
                    AddOrRemove(index, random, dimension);
                }

                float[] query = TestEntries.RandomVector(random, dimension);
                index.AssertNearest(query, index.Search(query, 10), 10);
                Assert.Equal(index.Entries.Count, index.Index.Count);
                Assert.Equal(0, index.Index.Backlog);
            },
            iter: 30);

    [Fact]
    public void Search_FlatBeyondOneBlock_EqualsTheOracle()
    {
        const int dimension = 32;
        var random = new Random(1);
        var index = new TestIndex(dimension, IndexSettings.Default with { FlatEntries = 10_000 });
        for (int i = 0; i < 5000; i++)
        {
            index.Add(TestEntries.RandomVector(random, dimension));
        }

        for (int i = 0; i < 50; i++)
        {
            float[] query = TestEntries.RandomVector(random, dimension);
            index.AssertNearest(query, index.Search(query, 10), 10);
        }
    }

    [Fact]
    public void Search_AroundTheStepToTheGraphWithMaintenanceAtAnyMoment_FindsTrueNearest() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[200, 800], Gen.Int[1, 60]).Sample(
            (seed, operations, pause) =>
            {
                const int dimension = 32;
                var random = new Random(seed);
                var index = new TestIndex(dimension, _early);
                int wanted = 0;
                int right = 0;
                for (int i = 0; i < operations; i++)
                {
                    AddOrRemove(index, random, dimension);
                    if (random.Next(pause) == 0)
                    {
                        index.Index.Maintain(threads: 1 + random.Next(2));
                        Assert.Empty(index.Index.Validate().Problems);
                    }

                    if (random.Next(10) == 0)
                    {
                        float[] query = TestEntries.RandomVector(random, dimension);
                        ScoredEntry[] found = index.Search(query, 5);
                        index.AssertTrue(query, found);
                        ScoredEntry[] expected = index.Nearest(query, 5);
                        Assert.Equal(expected.Length, found.Length);
                        wanted += expected.Length;
                        right += found.Zip(expected).Count(pair => pair.First.Entry == pair.Second.Entry);
                    }
                }

                Assert.InRange(right, wanted * 0.97, wanted);
                index.Settle();
                IndexReport report = index.Index.Validate();
                Assert.Empty(report.Problems);
                Assert.Equal((index.Entries.Count, 0), (report.Entries, report.Pending));
            },
            iter: 30);

    [Fact]
    public void Search_EntriesThatAreNotLinkedYet_FindsThemAll()
    {
        const int dimension = 32;
        var random = new Random(1);
        var index = new TestIndex(dimension, _early);
        for (int i = 0; i < 1500; i++)
        {
            Entry added = index.Add(TestEntries.RandomVector(random, dimension));
            if (i is 100 or 900)
            {
                index.Settle();
            }

            if (i % 10 == 0 || i is > 895 and < 905)
            {
                Assert.Same(added, index.Search(index.VectorOf(added), 1)[0].Entry);
            }
        }

        // More than one round of maintenance links: those of the second are still found.
        Assert.Equal(1500 - 901, index.Index.Backlog);
        for (int i = 0; i < 1100; i++)
        {
            index.Add(TestEntries.RandomVector(random, dimension));
        }

        Assert.True(index.Index.Maintain(threads: 2));
        Assert.InRange(index.Index.Backlog, 1, 1699);
        Assert.All(
            index.Entries.TakeLast(index.Index.Backlog),
            entry => Assert.Same(entry, index.Search(index.VectorOf(entry), 1)[0].Entry));
    }

    [Fact]
    public void Search_NearestAllRemovedButNotTakenOutYet_FindsThoseBehindThem()
    {
        const int dimension = 32;
        var vectors = new ClusteredVectors(seed: 1, dimension, clusters: 1, spread: 0.1f);
        var others = new ClusteredVectors(seed: 2, dimension, clusters: 1, spread: 0.1f);
        var index = new TestIndex(dimension, _early with { EfSearch = 16 });
        index.AddAll(vectors.Take(500));
        index.AddAll(others.Take(500));
        index.Settle();
        float[] query = vectors.Next();

        for (int i = 0; i < 500; i++)
        {
            Entry nearest = index.Nearest(query, 1)[0].Entry;
            index.RemoveAt(index.Entries.IndexOf(nearest));
        }

        ScoredEntry[] found = index.Search(query, 10);
        Assert.Equal(10, found.Length);
        index.AssertTrue(query, found);
    }

    [Fact]
    public void Maintain_GrowingAndShrinking_MakesTheGraphAndDropsItWithItsMemory()
    {
        const int dimension = 64;
        var vectors = new ClusteredVectors(seed: 1, dimension, clusters: 20, spread: 0.5f);
        var index = new TestIndex(dimension, _early);
        index.AddAll(vectors.Take(64));
        index.Settle();
        Assert.False(index.HasGraph);
        long flatBytes = index.Index.Bytes;

        for (int round = 0; round < 3; round++)
        {
            index.AddAll(vectors.Take(5000 - index.Entries.Count));
            index.Settle();
            Assert.Equal(5000, index.Index.Validate().Linked);

            // Half of what it was made for; one more keeps it.
            while (index.Entries.Count > 33)
            {
                index.RemoveAt(round);
            }

            index.Settle();
            Assert.True(index.HasGraph);
            Assert.Equal((33, 0), (index.Index.Validate().Linked, index.Index.Backlog));

            index.RemoveAt(0);
            index.Settle();
            Assert.False(index.HasGraph);
            Assert.InRange(index.Index.Bytes, 0, flatBytes);
            float[] query = vectors.Next();
            index.AssertNearest(query, index.Search(query, 40), 40);

            index.AddAll(vectors.Take(20));
            index.AssertNearest(query, index.Search(query, 60), 60);
        }
    }

    [Fact]
    public void Add_AfterRemovals_ReusesTheirSlots()
    {
        var index = new TestIndex(32);
        var random = new Random(1);
        for (int i = 0; i < 1000; i++)
        {
            index.Add(TestEntries.RandomVector(random, 32));
        }

        long before = index.Index.Bytes;
        for (int i = 0; i < 10_000; i++)
        {
            index.RemoveAt(random.Next(1000));
            index.Add(TestEntries.RandomVector(random, 32));
        }

        // At most a bit for each slot.
        Assert.InRange(index.Index.Bytes, before, before + 128);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(10_000)]
    public void Search_Threshold_LeavesOutOnlyWhatIsBelowIt(int flatEntries)
    {
        const int dimension = 64;
        var vectors = new ClusteredVectors(seed: 1, dimension, clusters: 50, spread: 0.7f);
        var index = new TestIndex(dimension, _early with { FlatEntries = flatEntries });
        index.AddAll(vectors.Take(2000));
        index.Settle();
        var counts = new HashSet<int>();
        for (int i = 0; i < 200; i++)
        {
            float[] query = vectors.Next();
            float threshold = 0.5f + (i % 5 * 0.1f);

            ScoredEntry[] found = index.Search(query, 10, threshold);

            index.AssertTrue(query, found);
            Assert.InRange(found.Length, 1, 10);
            ScoredEntry[] above = [.. index.Nearest(query, 10).Where(scored => scored.Similarity >= threshold)];
            Assert.Equal(
                above.Select(scored => scored.Entry),
                found.Where(scored => scored.Similarity >= threshold).Select(scored => scored.Entry));
            counts.Add(found.Length);
        }

        Assert.Contains(10, counts);
        Assert.Contains(counts, count => count < 10);
    }

    [Fact]
    public void Search_ThresholdThatTheNearestReach_FindsWhatItFindsWithout()
    {
        const int dimension = 64;
        var vectors = new ClusteredVectors(seed: 1, dimension, clusters: 1, spread: 1);
        var index = new TestIndex(dimension, _early with { EfSearch = 24 });
        index.AddAll(vectors.Take(3000));
        index.Settle();
        int differing = 0;
        for (int i = 0; i < 200; i++)
        {
            float[] query = vectors.Next();
            ScoredEntry[] without = index.Search(query, 10);

            ScoredEntry[] with = index.Search(query, 10, threshold: without[^1].Similarity - 0.05f);

            differing += with.SequenceEqual(without) ? 0 : 1;
        }

        // Only where the search stops getting nearer before it comes that near.
        Assert.InRange(differing, 0, 4);
    }

    [Fact]
    public void Scan_MoreEntriesThanQuantisedVectorsCanTellApart_FindsTheNearest()
    {
        const int dimension = 64;
        var vectors = new ClusteredVectors(seed: 1, dimension, clusters: 1, spread: 0.02f);
        var index = new TestIndex(dimension, _early with { EfSearch = 8, FlatEntries = 10_000 });
        index.AddAll(vectors.Take(3000));
        for (int i = 0; i < 100; i++)
        {
            float[] query = vectors.Next();
            index.AssertNearest(query, index.Search(query, 3), 3);
        }
    }

    [Fact]
    public void Search_ManyRemovedAroundTheQuery_FindsWhatIsBehindThem()
    {
        const int dimension = 32;
        var near = new ClusteredVectors(seed: 1, dimension, clusters: 1, spread: 0.1f);
        var index = new TestIndex(dimension, _early with { EfSearch = 8 });
        index.AddAll(new ClusteredVectors(seed: 2, dimension, clusters: 1, spread: 0.1f).Take(20));
        index.AddAll(near.Take(5000));
        index.Settle();
        while (index.Entries.Count > 20)
        {
            index.RemoveAt(index.Entries.Count - 1);
        }

        float[] query = near.Next();
        index.AssertNearest(query, index.Search(query, 10), 10);
    }

    [Fact]
    public void Maintain_ManyRemoved_TakesOutAPartOfThemATurn()
    {
        var index = new TestIndex(16, _early);
        index.AddAll(new ClusteredVectors(seed: 1, dimension: 16, clusters: 10, spread: 1).Take(3000));
        index.Settle();
        for (int i = 0; i < 1500; i++)
        {
            index.RemoveAt(0);
        }

        Assert.True(index.Index.Maintain(threads: 1));
        Assert.InRange(index.Index.Backlog, 1, 1000);
        index.Settle();
        Assert.Equal((1500, 1500, 0), (index.Index.Count, index.Index.Linked, index.Index.Backlog));
        Assert.Empty(index.Index.Validate().Problems);
    }

    [Fact]
    public void Search_EmptyIndex_FindsNothing()
    {
        var index = new TestIndex(32, _early);
        float[] query = TestEntries.RandomVector(new Random(1), 32);
        Assert.Empty(index.Search(query, 10));

        index.AddAll(Enumerable.Repeat(query, 100));
        index.Settle();
        while (index.Entries.Count > 0)
        {
            index.RemoveAt(0);
        }

        Assert.Empty(index.Search(query, 10));
        index.Settle();
        Assert.Empty(index.Search(query, 10));
        Assert.False(index.HasGraph);
        Assert.Equal((0, 0, 0L), (index.Index.Count, index.Index.Backlog, index.Index.Bytes));
    }

    [Fact]
    public void Remove_SlotOfAnotherEntry_Throws()
    {
        var index = new TestIndex(32);
        Entry first = index.Add(TestEntries.RandomVector(new Random(1), 32));
        Entry stranger = TestEntries.New();
        stranger.IndexSlot = first.IndexSlot;

        Assert.Throws<InvalidOperationException>(() => index.Index.Remove(stranger));
    }

    [Fact]
    public void Add_VectorOfAnotherDimension_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TestIndex(32).Add(new float[33]));

    private static void AddOrRemove(TestIndex index, Random random, int dimension)
    {
        if (index.Entries.Count > 0 && random.Next(3) == 0)
        {
            index.RemoveAt(random.Next(index.Entries.Count));
        }
        else
        {
            index.Add(TestEntries.RandomVector(random, dimension));
        }
    }
}
