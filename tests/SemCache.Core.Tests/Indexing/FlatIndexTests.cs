using System.Numerics.Tensors;
using CsCheck;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

/// <summary>The oracle is a list that is sorted whole.</summary>
public sealed class FlatIndexTests
{
    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(256)]
    [InlineData(387)]
    public void Search_RandomAddsAndRemoves_EqualsTheOracle(int dimension)
    {
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, int.MaxValue]).Array[0, 400].Sample(
            operations =>
            {
                var index = new FlatIndex(dimension);
                var oracle = new List<(Entry Entry, float[] Vector)>();
                foreach ((int kind, int seed) in operations)
                {
                    var random = new Random(seed);
                    if (kind == 2 && oracle.Count > 0)
                    {
                        int victim = random.Next(oracle.Count);
                        index.Remove(oracle[victim].Entry);
                        oracle.RemoveAt(victim);
                    }
                    else
                    {
                        (Entry entry, float[] vector) = (TestEntries.New(), TestEntries.RandomVector(random, dimension));
                        index.Add(entry, vector);
                        oracle.Add((entry, vector));
                    }
                }

                AssertSearch(index, oracle, TestEntries.RandomVector(new Random(operations.Length), dimension));
            },
            iter: 30);
    }

    [Fact]
    public void Search_BeyondOneBlock_EqualsTheOracle()
    {
        const int dimension = 32;
        var random = new Random(1);
        var index = new FlatIndex(dimension);
        var oracle = new List<(Entry Entry, float[] Vector)>();
        for (int i = 0; i < 5000; i++)
        {
            (Entry entry, float[] vector) = (TestEntries.New(), TestEntries.RandomVector(random, dimension));
            index.Add(entry, vector);
            oracle.Add((entry, vector));
        }

        AssertSearch(index, oracle, TestEntries.RandomVector(random, dimension));
        Assert.Equal(5000, index.Count);
        Assert.InRange(index.Bytes, 5000 * dimension * sizeof(float), 5000 * dimension * sizeof(float) * 2);
    }

    [Fact]
    public void Add_AfterRemovals_ReusesTheirSlots()
    {
        var index = new FlatIndex(32);
        var random = new Random(1);
        var entries = new Queue<Entry>();
        for (int i = 0; i < 1000; i++)
        {
            Add();
        }

        long before = index.Bytes;
        for (int i = 0; i < 10_000; i++)
        {
            index.Remove(entries.Dequeue());
            Add();
        }

        Assert.Equal(before, index.Bytes);

        void Add()
        {
            Entry entry = TestEntries.New();
            index.Add(entry, TestEntries.RandomVector(random, 32));
            entries.Enqueue(entry);
        }
    }

    [Fact]
    public void Remove_SlotOfAnotherEntry_Throws()
    {
        var index = new FlatIndex(32);
        Entry first = TestEntries.New();
        index.Add(first, new float[32]);
        Entry stranger = TestEntries.New();
        stranger.IndexSlot = first.IndexSlot;

        Assert.Throws<InvalidOperationException>(() => index.Remove(stranger));
    }

    [Fact]
    public async Task Search_WhileAnotherThreadWrites_ReturnsOnlyEntriesWithTheirOwnVectors()
    {
        const int dimension = 64;
        var index = new FlatIndex(dimension);
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        float[] query = Axis(0);

        // An entry's created time tells how near its vector is to the query: a torn read shows as another similarity.
        Task writer = Task.Run(() =>
        {
            var random = new Random(1);
            var live = new List<Entry>();
            while (!done.IsCancellationRequested)
            {
                if (live.Count > 200)
                {
                    int victim = random.Next(live.Count);
                    live[victim].IsRemoved = true;
                    index.Remove(live[victim]);
                    live.RemoveAt(victim);
                }

                int level = random.Next(100);
                Entry entry = TestEntries.New(DateTimeOffset.UnixEpoch.AddSeconds(level));
                index.Add(entry, AtSimilarity(level / 100f));
                live.Add(entry);
            }
        });

        long checkedResults = 0;
        var found = new ScoredEntry[8];
        while (!done.IsCancellationRequested)
        {
            int count = index.Search(query, found);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(found[i].Entry.CreatedAt.ToUnixTimeSeconds() / 100f, found[i].Similarity, 1e-5f);
                checkedResults++;
            }
        }

        await writer;
        Assert.True(checkedResults > 1000);

        static float[] Axis(int axis)
        {
            float[] vector = new float[dimension];
            vector[axis] = 1;
            return vector;
        }

        static float[] AtSimilarity(float similarity)
        {
            float[] vector = Axis(0);
            vector[0] = similarity;
            vector[^1] = MathF.Sqrt(1 - (similarity * similarity));
            return vector;
        }
    }

    private static void AssertSearch(FlatIndex index, List<(Entry Entry, float[] Vector)> oracle, float[] query)
    {
        var found = new ScoredEntry[10];
        int count = index.Search(query, found);
        (Entry Entry, float Similarity)[] expected =
        [
            .. oracle.Select(o => (o.Entry, Similarity: TensorPrimitives.Dot<float>(query, o.Vector)))
                .OrderByDescending(o => o.Similarity)
                .Take(found.Length),
        ];
        Assert.Equal(expected.Length, count);
        for (int i = 0; i < count; i++)
        {
            Assert.Same(expected[i].Entry, found[i].Entry);
            Assert.Equal(expected[i].Similarity, found[i].Similarity);
        }
    }
}
