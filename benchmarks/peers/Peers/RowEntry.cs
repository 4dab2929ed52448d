using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.Peers.Peers;

/// <summary>Entries that stand for rows of a table of vectors, for an index outside a partition.</summary>
internal static class RowEntry
{
    /// <summary>A new entry for a row.</summary>
    public static Entry Of(int row) => new()
    {
        Id = Guid.Empty,
        TextHash = default,
        Location = new LogLocation(row, 0),
        CreatedAt = default,
        ExpiresAt = DateTimeOffset.MaxValue,
        Tags = [],
        // An index knows its vectors and slots only.
        Partition = null!,
    };

    /// <summary>The row that an entry made here stands for.</summary>
    public static int RowOf(Entry entry) => (int)entry.Location.Address;
}
