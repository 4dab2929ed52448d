using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing.Vectors;

/// <summary>
/// The quantised vectors of one partition and the entries that they belong to, by slot. A slot that was freed is used
/// again, the lowest first.
/// </summary>
/// <remarks>
/// Rows lie in blocks of contiguous memory. The first block grows by being copied, further blocks are made at full size
/// and never move, but the last ones go when they are of no use, see <see cref="Trim"/>; under a graph, the first is at full size
/// too, see <see cref="FixBlocks"/>. One writer at a time; readers take the array of blocks once and need no lock. What a reader sees of a
/// slot that is written at the same moment may be torn: it leads a search astray by one step, no more, because
/// whatever a search returns is scored again from its entry.
/// </remarks>
internal sealed partial class VectorArena(int dimension)
{
    public const int BlockBits = 10;
    public const int BlockRows = 1 << BlockBits;
    public const int BlockMask = BlockRows - 1;

    /// <summary>Rows of an arena that has any, at the least.</summary>
    public const int SmallestBlock = 4;

    // Bytes of a block's objects beside its rows.
    private const int BlockOverhead = 112;

    private readonly FreeSlots _free = new();
    private volatile Block[] _blocks = [];

    public int Dimension => dimension;

    /// <summary>Bytes of a row.</summary>
    public int Stride { get; } = DotKernel.Stride(dimension);

    /// <summary>No row's scale is larger; some that is gone may have been as large.</summary>
    public float LargestScale { get; private set; }

    public Block[] Blocks => _blocks;

    /// <summary>Slots in use or free; all are below this.</summary>
    public int Slots { get; private set; }

    /// <summary>The slot that is used next if one is free; −1 when none is.</summary>
    public int LowestFree => _free.Lowest;

    /// <summary>Rows that there is memory for.</summary>
    public int Rows
    {
        get
        {
            Block[] blocks = _blocks;
            return blocks.Length == 0 ? 0 : ((blocks.Length - 1) * BlockRows) + blocks[^1].Entries.Length;
        }
    }

    /// <summary>Bytes of a row, its scale and the reference to its entry.</summary>
    public int RowBytes => Stride + sizeof(float) + IntPtr.Size;

    /// <summary>Bytes, with those of slots that are free.</summary>
    public long Bytes
    {
        get
        {
            long bytes = _free.Bytes;
            foreach (Block block in _blocks)
            {
                bytes += block.Rows.Length + ((long)block.Scales.Length * (sizeof(float) + IntPtr.Size));
            }

            return bytes;
        }
    }

    /// <summary>Bytes of so many rows, and of what they stand in.</summary>
    public long UsedBytes(int count) =>
        ((long)Math.Max(count, Math.Min(Rows, SmallestBlock)) * RowBytes) + ((long)_blocks.Length * BlockOverhead);

    /// <summary>Puts an entry into a slot, and notes the slot in it.</summary>
    public int Add(Entry entry, ReadOnlySpan<float> vector)
    {
        int slot = TakeSlot(out Block block, out int row);
        SetScale(block, row, Quantizer.ToRow(vector, block.Row(slot, Stride)));
        Bind(slot, entry);
        return slot;
    }

    /// <summary>As above, with quantised components.</summary>
    public int Add(Entry entry, ReadOnlySpan<byte> values, float scale)
    {
        int slot = TakeSlot(out Block block, out int row);
        SetScale(block, row, scale);
        Span<byte> stored = block.Row(slot, Stride);
        values.CopyTo(stored);
        stored[values.Length..].Fill(DotKernel.Zero);
        Bind(slot, entry);
        return slot;
    }

    /// <summary>As above, with a row of another arena.</summary>
    public int Add(Entry entry, VectorArena other, int from)
    {
        int slot = TakeSlot(out Block block, out int row);
        SetScale(block, row, other.Scale(from));
        other.Row(from).CopyTo(block.Row(slot, Stride));
        Bind(slot, entry);
        return slot;
    }

    /// <summary>Gives a slot whose row is there its entry, and notes the slot in it.</summary>
    public void Bind(int slot, Entry entry)
    {
        entry.IndexSlot = slot;
        Volatile.Write(ref _blocks[slot >> BlockBits].Entries[slot & BlockMask], entry);
    }

    /// <summary>The entry of a slot; null when it was removed, or its block is gone.</summary>
    public Entry? EntryOf(int slot)
    {
        Block[] blocks = _blocks;
        return slot >> BlockBits < blocks.Length
            ? Volatile.Read(ref blocks[slot >> BlockBits].Entries[slot & BlockMask])
            : null;
    }

    /// <summary>Takes the entry off its slot, which still routes searches until it is freed.</summary>
    public void Clear(int slot) => Volatile.Write(ref _blocks[slot >> BlockBits].Entries[slot & BlockMask], null);

    /// <summary>Gives a slot back.</summary>
    public void Free(int slot) => _free.Add(slot);

    /// <summary>
    /// Gives the first block its full size. From here on no block that stays is replaced: a search that took the blocks earlier and
    /// follows a link to a slot that was added meanwhile finds the slot in them, or knows that its block is not there.
    /// </summary>
    public void FixBlocks()
    {
        Block[] blocks = _blocks;
        if (blocks.Length == 1 && blocks[0].Entries.Length < BlockRows)
        {
            _blocks = [blocks[0].Grown(BlockRows, Stride)];
        }
    }

    /// <summary>The slots that have an entry.</summary>
    public IEnumerable<int> Filled() => Enumerable.Range(0, Slots).Where(slot => EntryOf(slot) is not null);

    public ReadOnlySpan<byte> Row(int slot) => _blocks[slot >> BlockBits].Row(slot, Stride);

    /// <summary>What a row's values are to be multiplied with; 0 when its block is gone.</summary>
    public float Scale(int slot)
    {
        Block[] blocks = _blocks;
        return slot >> BlockBits < blocks.Length ? blocks[slot >> BlockBits].Scales[slot & BlockMask] : 0;
    }

    /// <summary>Whether no slot of a block is in use.</summary>
    public bool IsFree(int block) => _free.HasAll(block << BlockBits, Math.Min(Slots, (block + 1) << BlockBits));

    /// <summary>Lets go of blocks at the end that are not in use. Who has taken the blocks before can read on in them.</summary>
    /// <param name="blocks">How many are left.</param>
    public void Trim(int blocks)
    {
        _blocks = _blocks[..blocks];
        Slots = Math.Min(Slots, blocks << BlockBits);
        _free.Trim(Slots);
    }

    private void SetScale(Block block, int row, float scale)
    {
        block.Scales[row] = scale;
        LargestScale = Math.Max(LargestScale, scale);
    }

    private int TakeSlot(out Block block, out int row)
    {
        int slot = _free.TryTake(out int free) ? free : NewSlot();
        block = _blocks[slot >> BlockBits];
        row = slot & BlockMask;
        return slot;
    }

    private int NewSlot()
    {
        Block[] blocks = _blocks;
        int rows = Rows;
        if (Slots == rows)
        {
            _blocks = rows switch
            {
                0 => [new Block(SmallestBlock, Stride)],
                // By little: there may be 100,000 partitions with a few entries each.
                < BlockRows => [blocks[0].Grown(Math.Min(rows + (rows / 4), BlockRows), Stride)],
                _ => [.. blocks, new Block(BlockRows, Stride)],
            };
        }

        return Slots++;
    }

    internal sealed class Block(int rows, int stride)
    {
        public readonly byte[] Rows = GC.AllocateUninitializedArray<byte>(rows * stride);
        public readonly float[] Scales = new float[rows];
        public readonly Entry?[] Entries = new Entry?[rows];

        public Span<byte> Row(int slot, int stride) => Rows.AsSpan((slot & BlockMask) * stride, stride);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref byte RowAt(int slot, int stride) =>
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Rows), (nint)((slot & BlockMask) * stride));

        public Block Grown(int rows, int stride)
        {
            var grown = new Block(rows, stride);
            Rows.CopyTo(grown.Rows, 0);
            Scales.CopyTo(grown.Scales, 0);
            Entries.CopyTo(grown.Entries, 0);
            return grown;
        }
    }
}
