using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SemCache.Core.Indexing.Snapshots;

namespace SemCache.Core.Indexing.Vectors;

/// <content>Saving and loading. Entries are saved by the addresses of their vectors, which is another's concern.</content>
internal sealed partial class VectorArena
{
    /// <summary>Writes the rows and the scales of the first slots, used or not. Rows that matter must not change.</summary>
    public void WriteTo(SnapshotWriter writer, int slots)
    {
        Block[] blocks = _blocks;
        for (int first = 0; first < slots; first += BlockRows)
        {
            int rows = Math.Min(BlockRows, slots - first);
            writer.Bytes(blocks[first >> BlockBits].Rows.AsSpan(0, rows * Stride));
        }

        writer.Seal();
        for (int first = 0; first < slots; first += BlockRows)
        {
            int rows = Math.Min(BlockRows, slots - first);
            writer.Bytes(MemoryMarshal.AsBytes(blocks[first >> BlockBits].Scales.AsSpan(0, rows)));
        }

        writer.Seal();
    }

    /// <summary>An arena of rows that were saved, all slots of which are in use and without an entry.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static VectorArena ReadFrom(SnapshotReader reader, int dimension, int slots)
    {
        var arena = new VectorArena(dimension) { Slots = slots };
        var blocks = new Block[(slots + BlockMask) >> BlockBits];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = new Block(BlockRows, arena.Stride);
            int rows = Math.Min(BlockRows, slots - (i << BlockBits));
            reader.Bytes(blocks[i].Rows.AsSpan(0, rows * arena.Stride));
        }

        reader.Check("rows");
        for (int i = 0; i < blocks.Length; i++)
        {
            int rows = Math.Min(BlockRows, slots - (i << BlockBits));
            Span<float> scales = blocks[i].Scales.AsSpan(0, rows);
            reader.Bytes(MemoryMarshal.AsBytes(scales));
            arena.LargestScale = Math.Max(arena.LargestScale, TensorPrimitives.Max<float>(scales));
        }

        reader.Check("scales");
        arena._blocks = blocks;
        return arena;
    }
}
