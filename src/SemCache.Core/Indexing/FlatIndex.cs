using System.Numerics.Tensors;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <summary>Compares the query with every vector: exact, and below a few thousand entries the fastest there is.</summary>
/// <remarks>
/// Vectors lie in blocks of contiguous memory; a removed one's slot is used again. The first block grows by being
/// copied, further blocks are made at full size and never move.
/// <para>
/// A search takes the array of blocks once. It reads a slot's entry before and after its vector: a slot is emptied
/// before its vector is overwritten and filled after that, so an unchanged entry means that the vector was its own.
/// </para>
/// </remarks>
internal sealed class FlatIndex(int dimension) : IVectorIndex
{
    private const int FullBlock = 1024;
    private const int SmallestBlock = 4;

    private readonly Stack<int> _free = new();
    private volatile Block[] _blocks = [];
    private int _used;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (Block block in _blocks)
            {
                bytes += ((long)block.Vectors.Length * sizeof(float)) + ((long)block.Entries.Length * IntPtr.Size);
            }

            return bytes;
        }
    }

    public void Add(Entry entry, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, dimension);
        int slot = _free.TryPop(out int free) ? free : NewSlot();
        Block block = _blocks[slot / FullBlock];
        int row = slot % FullBlock;
        vector.CopyTo(block.Vectors.AsSpan(row * dimension, dimension));
        entry.IndexSlot = slot;
        Volatile.Write(ref block.Entries[row], entry);
        Volatile.Write(ref _count, _count + 1);
    }

    public void Remove(Entry entry)
    {
        int slot = entry.IndexSlot;
        Block block = _blocks[slot / FullBlock];
        if (block.Entries[slot % FullBlock] != entry)
        {
            throw new InvalidOperationException($"Slot {slot} belongs to another entry.");
        }

        Volatile.Write(ref block.Entries[slot % FullBlock], null);
        Volatile.WriteBarrier();
        entry.IndexSlot = -1;
        _free.Push(slot);
        Volatile.Write(ref _count, _count - 1);
    }

    public int Search(ReadOnlySpan<float> query, Span<ScoredEntry> nearest)
    {
        int found = 0;
        foreach (Block block in _blocks)
        {
            for (int row = 0; row < block.Entries.Length; row++)
            {
                Entry? entry = Volatile.Read(ref block.Entries[row]);
                if (entry is null)
                {
                    continue;
                }

                // Unit vectors are that only to within rounding.
                float similarity = Math.Clamp(
                    TensorPrimitives.Dot(query, block.Vectors.AsSpan(row * dimension, dimension)), -1, 1);
                if (found == nearest.Length && similarity <= nearest[^1].Similarity)
                {
                    continue;
                }

                Volatile.ReadBarrier();
                if (Volatile.Read(ref block.Entries[row]) == entry && !entry.IsRemoved)
                {
                    Insert(nearest, ref found, new ScoredEntry(entry, similarity));
                }
            }
        }

        return found;
    }

    private static void Insert(Span<ScoredEntry> nearest, ref int found, ScoredEntry candidate)
    {
        int place = found < nearest.Length ? found++ : nearest.Length - 1;
        while (place > 0 && nearest[place - 1].Similarity < candidate.Similarity)
        {
            nearest[place] = nearest[place - 1];
            place--;
        }

        nearest[place] = candidate;
    }

    private int NewSlot()
    {
        Block[] blocks = _blocks;
        int rows = blocks.Length == 0 ? 0 : ((blocks.Length - 1) * FullBlock) + blocks[^1].Entries.Length;
        if (_used == rows)
        {
            _blocks = rows switch
            {
                0 => [new Block(SmallestBlock, dimension)],
                < FullBlock => [blocks[0].Grown(Math.Min(rows * 2, FullBlock), dimension)],
                _ => [.. blocks, new Block(FullBlock, dimension)],
            };
        }

        return _used++;
    }

    private sealed class Block(int rows, int dimension)
    {
        public readonly float[] Vectors = GC.AllocateUninitializedArray<float>(rows * dimension);
        public readonly Entry?[] Entries = new Entry?[rows];

        public Block Grown(int rows, int dimension)
        {
            var grown = new Block(rows, dimension);
            Vectors.CopyTo(grown.Vectors, 0);
            Entries.CopyTo(grown.Entries, 0);
            return grown;
        }
    }
}
