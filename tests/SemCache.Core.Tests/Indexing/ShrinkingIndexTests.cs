using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

/// <summary>An index whose entries have become few gives memory back, and loses nothing on the way.</summary>
public sealed class ShrinkingIndexTests
{
    private const int Dimension = 32;
    private const int Entries = 3000;

    private static readonly IndexSettings _settings = new(M: 8, EfConstruction: 40, EfSearch: 64, FlatEntries: 64);

    [Theory]
    [InlineData(1, 1400)]
    [InlineData(2, 700)]
    [InlineData(3, 200)]
    public void Maintain_FewEntriesLeft_MovesThemTogetherAndStaysSoundAtEveryStep(int seed, int left)
    {
        TestIndex index = Filled(seed);
        long before = index.Index.Bytes;
        var random = new Random(seed);
        while (index.Entries.Count > left)
        {
            index.RemoveAt(random.Next(index.Entries.Count));
        }

        int steps = 0;
        for (bool isLeft = true; isLeft; steps++)
        {
            isLeft = index.Index.Maintain(1);
            IndexReport report = index.Index.Validate();
            Assert.Empty(report.Problems);
            Assert.Equal(left, report.Entries);
            Assert.True(steps < 1000, "It never ends.");
            // Every few steps, entries come and go as well.
            index.RemoveAt(random.Next(index.Entries.Count));
            index.Add(TestEntries.RandomVector(random, Dimension));
        }

        index.Settle();
        Assert.Equal((left, left, 0), (index.Index.Count, index.Index.Linked, index.Index.Pending));
        var fresh = new TestIndex(Dimension, _settings);
        fresh.AddAll(index.Entries.Select(index.VectorOf));
        fresh.Settle();
        // A block of slack, and the pieces of upper layers, which are kept.
        Assert.InRange(index.Index.Bytes, fresh.Index.Bytes, (fresh.Index.Bytes * 1.2) + (before / 16) + (400 << 10));
        AssertFindsAll(index);
    }

    [Fact]
    public void Maintain_MoreThanHalfLeft_MovesNothing()
    {
        TestIndex index = Filled(seed: 1);
        while (index.Entries.Count > Entries * 0.55)
        {
            index.RemoveAt(index.Entries.Count - 1);
        }

        index.Settle();
        int[] slots = [.. index.Entries.Select(entry => entry.IndexSlot)];
        long bytes = index.Index.Bytes;
        index.Settle();
        Assert.Equal(slots, index.Entries.Select(entry => entry.IndexSlot));
        Assert.Equal(bytes, index.Index.Bytes);
    }

    [Fact]
    public void Maintain_AfterShrinking_GrowsAgain()
    {
        TestIndex index = Filled(seed: 4);
        while (index.Entries.Count > 300)
        {
            index.RemoveAt(0);
        }

        index.Settle();
        var random = new Random(9);
        index.AddAll(Enumerable.Range(0, 4000).Select(_ => TestEntries.RandomVector(random, Dimension)));
        index.Settle();
        Assert.Empty(index.Index.Validate().Problems);
        AssertFindsAll(index);
    }

    [Fact]
    public async Task Search_WhileTheIndexShrinksAndGrows_FindsWhatStays()
    {
        TestIndex index = Filled(seed: 5);
        Stay staying = Stay.Last(index, 200);
        using var done = new CancellationTokenSource();
        Task[] searchers = [.. Enumerable.Range(0, 2).Select(seed => Task.Run(() => Seek(seed)))];
        var random = new Random(6);
        for (int round = 0; round < 3; round++)
        {
            // Those in the highest slots: they move.
            Volatile.Write(ref staying, Stay.Last(index, 200));
            while (index.Entries.Count > 700)
            {
                int place = random.Next(index.Entries.Count);
                if (!staying.Vectors.ContainsKey(index.Entries[place]))
                {
                    index.RemoveAt(place);
                }
            }

            index.Settle();
            Assert.All(staying.Entries, entry => Assert.InRange(entry.IndexSlot, 0, 1023));
            index.AddAll(Enumerable.Range(0, 1500).Select(_ => TestEntries.RandomVector(random, Dimension)));
            index.Settle();
        }

        await done.CancelAsync();
        await Task.WhenAll(searchers);
        Assert.Empty(index.Index.Validate().Problems);

        void Seek(int seed)
        {
            var random = new Random(seed);
            var found = new ScoredEntry[4];
            int missed = 0;
            int missedByScan = 0;
            int sought = 0;
            for (; !done.IsCancellationRequested; sought++)
            {
                Stay stay = Volatile.Read(ref staying);
                Entry entry = stay.Entries[random.Next(stay.Entries.Length)];
                bool isScan = sought % 2 == 0;
                int count = isScan
                    ? index.Index.Scan(stay.Vectors[entry], found)
                    : index.Index.Search(stay.Vectors[entry], 0.99f, 256, found);
                bool isFound = found[..count].Any(scored => scored.Entry == entry);
                Assert.Equal(count, found[..count].DistinctBy(scored => scored.Entry).Count());
                bool isMissed = !isFound && Volatile.Read(ref staying) == stay;
                missed += isMissed ? 1 : 0;
                missedByScan += isMissed && isScan ? 1 : 0;
            }

            Assert.Equal(0, missedByScan);
            // A graph is approximate.
            Assert.InRange(missed, 0, sought / 1000);
        }
    }

    private sealed record Stay(Entry[] Entries, Dictionary<Entry, float[]> Vectors)
    {
        public static Stay Last(TestIndex index, int count)
        {
            Entry[] entries = [.. index.Entries.OrderByDescending(entry => entry.IndexSlot).Take(count)];
            return new Stay(entries, entries.ToDictionary(entry => entry, index.VectorOf));
        }
    }

    private static TestIndex Filled(int seed)
    {
        var random = new Random(seed);
        var index = new TestIndex(Dimension, _settings);
        index.AddAll(Enumerable.Range(0, Entries).Select(_ => TestEntries.RandomVector(random, Dimension)));
        index.Settle(threads: 2);
        return index;
    }

    private static void AssertFindsAll(TestIndex index)
    {
        var found = new ScoredEntry[1];
        int missed = 0;
        foreach (Entry entry in index.Entries)
        {
            float[] vector = index.VectorOf(entry);
            Assert.Equal(1, index.Index.Scan(vector, found));
            Assert.Same(entry, found[0].Entry);
            missed += index.Index.Search(vector, 0.99f, 256, found) == 1 && found[0].Entry == entry ? 0 : 1;
        }

        Assert.InRange(missed, 0, index.Entries.Count / 500);
    }
}
