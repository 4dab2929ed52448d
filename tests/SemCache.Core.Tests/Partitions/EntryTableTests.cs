using CsCheck;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Partitions;

public sealed class EntryTableTests
{
    // Of so few keys that they are put again and removed again and again.
    private static readonly Gen<(bool IsPut, int Key)[]> _operations =
        Gen.Select(Gen.Bool, Gen.Int[0, 60]).Array[0, 400];

    [Fact]
    public void RandomOperations_AgainstADictionary_Agree() =>
        _operations.Sample(operations => Compare(new EntryTable<UInt128, ByText>(), operations), iter: 300, threads: 2);

    [Fact]
    public void RandomOperations_WhenAllKeysCrowdTogether_Agree() =>
        _operations.Sample(operations => Compare(new EntryTable<UInt128, Crowded>(), operations), iter: 300, threads: 2);

    [Fact]
    public void Remove_OfAnEntryThatWasReplaced_LeavesTheOther()
    {
        var table = new EntryTable<UInt128, ByText>();
        (Entry first, Entry second) = (TestEntries.WithText(7), TestEntries.WithText(7));
        table.Put(first);
        table.Put(second);
        Assert.False(table.Remove(first));
        Assert.Same(second, table.Find(7));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Bytes_OfManyAndOfFewEntries_AreBounded()
    {
        var table = new EntryTable<Guid, ById>();
        Assert.Equal(0, table.Bytes);
        Entry[] entries = [.. Enumerable.Range(0, 20_000).Select(_ => TestEntries.New())];
        for (int i = 0; i < entries.Length; i++)
        {
            table.Put(entries[i]);
            Assert.InRange(table.Bytes, 24 + (12L * (i + 1)), 24 + (20L * (i + 1)) + 16);
        }

        for (int left = entries.Length - 1; left >= 0; left--)
        {
            Assert.True(table.Remove(entries[left]));
            Assert.InRange(table.Bytes, 0, 24 + 32 + (40L * left));
        }
    }

    [Fact]
    public void Sample_OfManyDraws_ReturnsEveryPresentEntryAndNoOther()
    {
        var table = new EntryTable<Guid, ById>();
        Assert.Null(table.Sample(123));
        Entry[] entries = [.. Enumerable.Range(0, 100).Select(_ => TestEntries.New())];
        Array.ForEach(entries, table.Put);
        Assert.All(entries[..70], entry => Assert.True(table.Remove(entry)));
        var random = new Random(1);
        HashSet<Entry> drawn = [.. Enumerable.Range(0, 10_000).Select(_ => table.Sample((uint)random.NextInt64(1L << 32))!)];
        Assert.Equal(entries[70..].ToHashSet(), drawn);
    }

    [Fact]
    public async Task Readers_BesideAWriter_NeverMissAnEntryThatIsThereThroughout()
    {
        var table = new EntryTable<UInt128, ByText>();
        Entry[] stable = [.. Enumerable.Range(0, 50).Select(i => TestEntries.WithText((UInt128)i))];
        Array.ForEach(stable, table.Put);
        using var done = new CancellationTokenSource();
        Task[] readers =
        [
            Task.Run(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    Assert.All(stable, entry => Assert.Same(entry, table.Find(entry.TextHash)));
                }
            }),
            Task.Run(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    Assert.Empty(stable.Except(table.Entries));
                }
            }),
        ];
        var random = new Random(2);
        var others = new List<Entry>();
        for (int turn = 0; turn < 200_000; turn++)
        {
            // Grows and shrinks through many lengths.
            bool isGrowing = (turn >> 11) % 2 == 0;
            if (random.Next(8) < (isGrowing ? 6 : 2) || others.Count == 0)
            {
                others.Add(TestEntries.WithText((UInt128)random.NextInt64() << 7));
                table.Put(others[^1]);
            }
            else
            {
                int place = random.Next(others.Count);
                Assert.True(table.Remove(others[place]));
                others[place] = others[^1];
                others.RemoveAt(others.Count - 1);
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(stable.Length + others.Count, table.Count);
    }

    private static void Compare<TKeyOf>(EntryTable<UInt128, TKeyOf> table, (bool IsPut, int Key)[] operations)
        where TKeyOf : struct, IEntryKey<UInt128>
    {
        var model = new Dictionary<UInt128, Entry>();
        foreach ((bool isPut, int key) in operations)
        {
            if (isPut)
            {
                Entry entry = TestEntries.WithText((UInt128)key);
                table.Put(entry);
                model[entry.TextHash] = entry;
            }
            else if (model.Remove((UInt128)key, out Entry? present))
            {
                Assert.True(table.Remove(present));
            }
            else
            {
                Assert.False(table.Remove(TestEntries.WithText((UInt128)key)));
            }
        }

        Assert.Equal(model.Count, table.Count);
        Assert.Equal(model.Values.ToHashSet(), table.Entries.ToHashSet());
        for (int key = 0; key <= 60; key++)
        {
            Assert.Same(model.GetValueOrDefault((UInt128)key), table.Find((UInt128)key));
        }
    }

    /// <summary>Four homes for all keys.</summary>
    private readonly struct Crowded : IEntryKey<UInt128>
    {
        public static UInt128 Of(Entry entry) => entry.TextHash;

        public static ulong Hash(UInt128 key) => (ulong)key << 62;
    }
}
