using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Vectors;

public sealed class VectorArenaTests
{
    private const int Dimension = 40;

    private readonly Random _random = new(1);

    [Fact]
    public void Add_BeyondBlocks_KeepsRowsAndEntries()
    {
        var arena = new VectorArena(Dimension);
        var rows = new List<(Entry Entry, byte[] Row, float Scale)>();
        for (int i = 0; i < 2500; i++)
        {
            Entry entry = TestEntries.New();
            int slot = arena.Add(entry, TestEntries.RandomVector(_random, Dimension));
            Assert.Equal((i, i), (slot, entry.IndexSlot));
            rows.Add((entry, arena.Row(slot).ToArray(), arena.Scale(slot)));
        }

        Assert.Equal(3, arena.Blocks.Length);
        for (int slot = 0; slot < rows.Count; slot++)
        {
            Assert.Same(rows[slot].Entry, arena.EntryOf(slot));
            Assert.Equal(rows[slot].Row, arena.Row(slot));
            Assert.Equal(rows[slot].Scale, arena.Scale(slot));
        }
    }

    [Fact]
    public void Free_Slots_AreFilledBeforeNewOnes()
    {
        VectorArena arena = Filled(100);
        foreach (int slot in (int[])[7, 70])
        {
            arena.Clear(slot);
            arena.Free(slot);
            Assert.Null(arena.EntryOf(slot));
        }

        Assert.Equal(98, arena.Filled().Count());
        Assert.Equal([7, 70, 100], new[] { Add(arena), Add(arena), Add(arena) }.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1024)]
    [InlineData(1025)]
    public void FixBlocks_ThenMoreRows_ReplacesNoBlock(int rows)
    {
        VectorArena arena = Filled(rows);
        byte[] last = arena.Row(rows - 1).ToArray();
        Entry? entry = arena.EntryOf(rows - 1);

        arena.FixBlocks();

        VectorArena.Block[] blocks = arena.Blocks;
        for (int i = 0; i < 3000; i++)
        {
            Add(arena);
        }

        Assert.Equal(blocks, arena.Blocks[..blocks.Length]);
        Assert.All(arena.Blocks, block => Assert.Equal(VectorArena.BlockRows, block.Entries.Length));
        Assert.Equal(last, arena.Row(rows - 1));
        Assert.Same(entry, arena.EntryOf(rows - 1));
    }

    [Fact]
    public void Add_RowOfAnotherArena_CopiesItExactly()
    {
        VectorArena from = Filled(10);
        var to = new VectorArena(Dimension);

        int slot = to.Add(TestEntries.New(), from, 7);

        Assert.Equal(from.Row(7), to.Row(slot));
        Assert.Equal(from.Scale(7), to.Scale(slot));
    }

    private VectorArena Filled(int rows)
    {
        var arena = new VectorArena(Dimension);
        for (int i = 0; i < rows; i++)
        {
            Add(arena);
        }

        return arena;
    }

    private int Add(VectorArena arena) => arena.Add(TestEntries.New(), TestEntries.RandomVector(_random, Dimension));
}
