using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <summary>What a record of the entry log says. The numbers are part of the format: never reused, never changed.</summary>
internal enum RecordType : byte
{
    /// <summary>Names a partition. Precedes the partition's first record in every segment.</summary>
    Partition = 1,

    /// <summary>An entry comes into being and replaces the one with the same prompt.</summary>
    Put = 2,

    /// <summary>Entries of one partition go.</summary>
    Remove = 3,

    /// <summary>An entry gets a vector of another embedder.</summary>
    Reembed = 4,
}

/// <summary>An embedding in a record, together with what made it.</summary>
/// <param name="Fingerprint">Fingerprint of the embedder.</param>
/// <param name="Values">Unit length; empty when the prompt was over the embedder's window.</param>
internal readonly record struct StoredVector(UInt128 Fingerprint, ReadOnlyMemory<float> Values);

/// <summary>The part of a put record that is kept in memory.</summary>
internal readonly record struct PutHeader(
    UInt128 Partition, Guid EntryId, UInt128 TextHash, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>The part of a put record that is only read when the entry is served.</summary>
internal sealed record PutContent(Prompt Prompt, CachedResponse Response, Usage? Usage, string[] Tags);

/// <summary>Receives the records of the log in their order when it is recovered.</summary>
internal interface IRecordSink
{
    void Partition(UInt128 partition, PartitionIdentity identity, LogLocation location);

    /// <param name="header">The part that is kept in memory.</param>
    /// <param name="fingerprint">Fingerprint of the embedder that made the vector.</param>
    /// <param name="vector">Empty when the prompt was over the embedder's window.</param>
    /// <param name="tags">The entry's tags.</param>
    /// <param name="saved">What a hit saves; null when the caller did not say.</param>
    /// <param name="location">Where the record stands.</param>
    void Put(
        in PutHeader header,
        UInt128 fingerprint,
        ReadOnlySpan<float> vector,
        string[] tags,
        Savings? saved,
        LogLocation location);

    void Remove(UInt128 partition, ReadOnlySpan<Guid> entryIds);

    void Reembed(
        UInt128 partition, Guid entryId, UInt128 fingerprint, ReadOnlySpan<float> vector, LogLocation location);
}
