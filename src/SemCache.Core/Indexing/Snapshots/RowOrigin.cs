using System.IO.Hashing;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>
/// What a row was made of: 64 bits of the entry's id. An entry has one vector of an embedder for life, wherever its record
/// moves, and a snapshot knows one embedder.
/// </summary>
internal static class RowOrigin
{
    /// <summary>Of a slot whose entry is gone.</summary>
    public const ulong None = 0;

    /// <summary>The origin of an entry's row; never <see cref="None"/>.</summary>
    public static ulong Of(Entry entry) => Of(entry.Id);

    /// <summary>The origin of the row of the entry with an id; never <see cref="None"/>.</summary>
    public static ulong Of(Guid entryId)
    {
        Span<byte> id = stackalloc byte[16];
        entryId.TryWriteBytes(id);
        return XxHash3.HashToUInt64(id) | 1;
    }
}
