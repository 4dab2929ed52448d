using System.Buffers.Binary;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>
/// What a row was made of: the address of the record with the vector, mixed with 62 random bits of the entry's id. An
/// address alone would not do: a log that was restored from a copy gives the addresses behind that copy's end once more,
/// to other entries.
/// </summary>
internal static class RowOrigin
{
    /// <summary>Of a slot whose entry is gone.</summary>
    public const ulong None = 0;

    /// <summary>The origin of an entry's row. The partition's gate is held, or nobody changes the entry.</summary>
    public static ulong Of(Entry entry)
    {
        Span<byte> id = stackalloc byte[16];
        entry.Id.TryWriteBytes(id);
        return BinaryPrimitives.ReadUInt64LittleEndian(id[8..]) ^ (ulong)entry.VectorAddress;
    }
}
