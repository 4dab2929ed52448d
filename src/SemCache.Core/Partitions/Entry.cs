using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>
/// What is kept in memory of an entry: everything that matching needs; prompt and response stay in the entry log.
/// </summary>
/// <remarks>Immutable but for <see cref="VectorAddress"/>, <see cref="IndexSlot"/> and <see cref="IsRemoved"/>, which
/// the partition's gate guards.</remarks>
internal sealed class Entry
{
    public required Guid Id { get; init; }

    public required UInt128 TextHash { get; init; }

    /// <summary>Where the entry's record stands in the log.</summary>
    public required LogLocation Location { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Never null; shared when empty.</summary>
    public required string[] Tags { get; init; }

    public required Partition Partition { get; init; }

    /// <summary>
    /// Address of the record that holds the entry's vector: its own, or a later one of another model. Guarded by the
    /// partition's gate; a search that reads it meanwhile is content with either.
    /// </summary>
    public long VectorAddress
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Place in the partition's vector index; −1 when it has no vector (its prompt is over the window).</summary>
    public int IndexSlot { get; set; } = -1;

    /// <summary>Set before the entry leaves the maps: whoever still holds it must not serve it.</summary>
    public bool IsRemoved
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>The entry that a put record brings into being.</summary>
    public static Entry Of(in PutHeader header, LogLocation location, string[] tags, Partition partition) => new()
    {
        Id = header.EntryId,
        TextHash = header.TextHash,
        Location = location,
        VectorAddress = location.Address,
        CreatedAt = header.CreatedAt,
        ExpiresAt = header.ExpiresAt,
        Tags = tags,
        Partition = partition,
    };

    /// <summary>The entry as callers see it.</summary>
    public CachedEntry ToCachedEntry(PutContent content) => new(
        Id,
        Partition.Identity.Namespace,
        Partition.Identity.Scope.ToDictionary(),
        content.Prompt,
        content.Response,
        content.Usage,
        content.Tags,
        CreatedAt,
        ExpiresAt);
}
