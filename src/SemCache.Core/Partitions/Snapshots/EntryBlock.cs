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
///                vector's own record   84   u8   whether it has a vector
/// 48   i64       created, UTC ticks    85   u8   mark
/// 56   i64       expires, UTC ticks    86   u16  tags
/// 88   …         of each tag an i32, its length, and as many bytes of UTF-8
/// </code>
/// The vector is in a <see cref="RowBlock"/>, in the partition's saved graph, or only in the log.
/// </summary>
internal static class EntryBlock
{
    /// <summary>Bytes of an entry without its tags.</summary>
    public const int FixedBytes = 88;

    private const int GroupBytes = 2 * sizeof(int);

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
        bytes[84] = entry.IndexSlot == Entry.NoVector ? (byte)0 : (byte)1;
        bytes[85] = entry.Mark;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[86..], (ushort)entry.Tags.Length);
        foreach (string tag in entry.Tags)
        {
            buffer.Text(tag);
        }
    }

    /// <summary>Reads the head of a group.</summary>
    public static (int Partition, int Entries) ReadGroup(ref ReadOnlySpan<byte> bytes)
    {
        (int partition, int entries) = (
            BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]));
        bytes = bytes[GroupBytes..];
        return (partition, entries);
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="bytes">Begins with the entry; begins behind it afterwards.</param>
    /// <param name="partition">The entry's partition.</param>
    /// <param name="hasVector">Whether it has a vector.</param>
    public static Entry Read(ref ReadOnlySpan<byte> bytes, Partition partition, out bool hasVector)
    {
        ReadOnlySpan<byte> head = bytes[..FixedBytes];
        bytes = bytes[FixedBytes..];
        string[] tags = ReadTags(ref bytes, BinaryPrimitives.ReadUInt16LittleEndian(head[86..]));
        hasVector = head[84] != 0;
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
