using System.Buffers.Binary;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>
/// Quantised vectors in a block, in groups until its end, like those of <see cref="EntryBlock"/>. Of each: 16 bytes id of
/// the entry, f32 scale, a byte for each component.
/// </summary>
internal static class RowBlock
{
    private const int IdBytes = 16;
    private const int HeadBytes = IdBytes + sizeof(float);

    /// <summary>Bytes of a vector.</summary>
    public static int BytesOf(int dimension) => HeadBytes + dimension;

    /// <summary>Writes an entry's vector, unless a saved graph has it or there is none. The gate is held.</summary>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(BlockBuffer buffer, Entry entry)
    {
        if (entry.IndexSlot < 0 || entry.Partition.Index.IsSavedWithGraph(entry))
        {
            return false;
        }

        ReadOnlySpan<byte> row = entry.Partition.Index.RowOf(entry, out float scale);
        Span<byte> bytes = buffer.Take(HeadBytes + row.Length);
        entry.Id.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[IdBytes..], scale);
        row.CopyTo(bytes[HeadBytes..]);
        return true;
    }

    /// <summary>Reads a vector.</summary>
    /// <param name="bytes">Begins with it; begins behind it afterwards.</param>
    /// <param name="dimension">Components of a vector.</param>
    /// <param name="scale">What a quantised value is to be multiplied with.</param>
    /// <param name="row">The quantised components.</param>
    /// <returns>The entry's id.</returns>
    public static Guid Read(ref ReadOnlySpan<byte> bytes, int dimension, out float scale, out ReadOnlySpan<byte> row)
    {
        var id = new Guid(bytes[..IdBytes], bigEndian: true);
        scale = BinaryPrimitives.ReadSingleLittleEndian(bytes[IdBytes..]);
        row = bytes.Slice(HeadBytes, dimension);
        bytes = bytes[(HeadBytes + dimension)..];
        return id;
    }
}
