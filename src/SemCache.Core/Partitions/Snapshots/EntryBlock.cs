using System.Buffers.Binary;
using System.Text;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>
/// Entries in a block, in groups until its end: i32 number of the partition, i32 entries, and of each entry
/// <code>
/// 0    16 bytes  id                    64   f64  rank
/// 16   u128      hash of the text      72   i32  length of the record
/// 32   i64       address               76   f32  saving
/// 40   i64       address of the        80   i32  hits
///                vector's own record   84   u8   vector: 0 none, 1 here, 2 elsewhere
/// 48   i64       created, UTC ticks    85   u8   mark
/// 56   i64       expires, UTC ticks    86   u16  tags
/// 88   …         of each tag an i32, its length, and as many bytes of UTF-8
/// …              if the vector is here: f32 scale, and a byte for each component
/// </code>
/// A vector that is elsewhere is in the partition's saved graph, or in the log.
/// </summary>
internal static class EntryBlock
{
    private const int FixedBytes = 88;
    private const byte NoVector = 0;
    private const byte VectorHere = 1;
    private const byte VectorElsewhere = 2;

    /// <summary>About how many bytes an entry takes whose vector is here.</summary>
    public static long BytesOf(int dimension) => FixedBytes + sizeof(float) + dimension;

    /// <summary>Begins a group.</summary>
    /// <returns>What <see cref="EndGroup"/> wants to know.</returns>
    public static int BeginGroup(BlockBuffer buffer, int partition)
    {
        buffer.Int32(partition);
        buffer.Int32(0);
        return buffer.Position - sizeof(int);
    }

    /// <summary>Ends a group of so many entries.</summary>
    public static void EndGroup(BlockBuffer buffer, int group, int entries) => buffer.Int32At(group, entries);

    /// <summary>Writes an entry. The gate is held.</summary>
    public static void Write(BlockBuffer buffer, Entry entry)
    {
        Span<byte> bytes = buffer.Take(FixedBytes);
        LogLocation location = entry.Location;
        entry.Id.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], entry.TextHash);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], location.Address);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], entry.ReembedAddress);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], entry.CreatedAt.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], entry.ExpiresAt.UtcTicks);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[64..], entry.Rank);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[72..], location.Length);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[76..], entry.Saving);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[80..], entry.Hits);
        byte vector = entry.IndexSlot switch
        {
            Entry.NoVector => NoVector,
            Entry.AwaitsVector => VectorElsewhere,
            _ => entry.Partition.Index.IsSavedWithGraph(entry) ? VectorElsewhere : VectorHere,
        };
        bytes[84] = vector;
        bytes[85] = entry.Mark;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[86..], (ushort)entry.Tags.Length);
        foreach (string tag in entry.Tags)
        {
            buffer.Text(tag);
        }

        if (vector == VectorHere)
        {
            ReadOnlySpan<byte> row = entry.Partition.Index.RowOf(entry, out float scale);
            BinaryPrimitives.WriteSingleLittleEndian(buffer.Take(sizeof(float)), scale);
            row.CopyTo(buffer.Take(row.Length));
        }
    }

    /// <summary>Reads the head of a group.</summary>
    public static (int Partition, int Entries) ReadGroup(ref ReadOnlySpan<byte> bytes)
    {
        (int partition, int entries) = (
            BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]));
        bytes = bytes[(2 * sizeof(int))..];
        return (partition, entries);
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="bytes">Begins with the entry; begins behind it afterwards.</param>
    /// <param name="partition">The entry's partition.</param>
    /// <param name="dimension">Components of a vector.</param>
    /// <param name="row">Receives the components of its vector; empty when it is not here.</param>
    /// <param name="scale">Receives what they are to be multiplied with.</param>
    /// <param name="hasVector">Whether it has a vector, here or elsewhere.</param>
    public static Entry Read(
        ref ReadOnlySpan<byte> bytes,
        Partition partition,
        int dimension,
        out ReadOnlySpan<byte> row,
        out float scale,
        out bool hasVector)
    {
        ReadOnlySpan<byte> head = bytes[..FixedBytes];
        bytes = bytes[FixedBytes..];
        string[] tags = ReadTags(ref bytes, BinaryPrimitives.ReadUInt16LittleEndian(head[86..]));
        row = default;
        scale = 0;
        hasVector = head[84] != NoVector;
        if (head[84] == VectorHere)
        {
            scale = BinaryPrimitives.ReadSingleLittleEndian(bytes);
            row = bytes.Slice(sizeof(float), dimension);
            bytes = bytes[(sizeof(float) + dimension)..];
        }

        return new Entry
        {
            Id = new Guid(head[..16], bigEndian: true),
            TextHash = BinaryPrimitives.ReadUInt128LittleEndian(head[16..]),
            Location = new LogLocation(
                BinaryPrimitives.ReadInt64LittleEndian(head[32..]), BinaryPrimitives.ReadInt32LittleEndian(head[72..])),
            ReembedAddress = BinaryPrimitives.ReadInt64LittleEndian(head[40..]),
            CreatedAt = new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(head[48..]), TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(head[56..]), TimeSpan.Zero),
            Rank = BinaryPrimitives.ReadDoubleLittleEndian(head[64..]),
            Saving = BinaryPrimitives.ReadSingleLittleEndian(head[76..]),
            Hits = BinaryPrimitives.ReadInt32LittleEndian(head[80..]),
            Mark = head[85],
            Tags = tags,
            Partition = partition,
        };
    }

    private static string[] ReadTags(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count == 0)
        {
            return [];
        }

        var tags = new string[count];
        for (int i = 0; i < count; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            tags[i] = Encoding.UTF8.GetString(bytes.Slice(sizeof(int), length));
            bytes = bytes[(sizeof(int) + length)..];
        }

        return tags;
    }
}
