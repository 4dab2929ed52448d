using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Support;

/// <summary>Keeps what it is handed, but for vectors of their own.</summary>
internal sealed class RecordingSink : IRecordSink
{
    public List<(PutHeader, UInt128, float[], string[])> Puts { get; } = [];

    public List<Savings?> Saved { get; } = [];

    public List<Guid[]> Removes { get; } = [];

    public List<PartitionIdentity> Identities { get; } = [];

    public void Partition(UInt128 partition, PartitionIdentity identity, LogLocation location) => Identities.Add(identity);

    public void Put(
        in PutHeader header,
        UInt128 fingerprint,
        ReadOnlySpan<float> vector,
        string[] tags,
        Savings? saved,
        LogLocation location)
    {
        Puts.Add((header, fingerprint, vector.ToArray(), tags));
        Saved.Add(saved);
    }

    public void Remove(UInt128 partition, ReadOnlySpan<Guid> entryIds) => Removes.Add(entryIds.ToArray());

    public void Reembed(
        UInt128 partition, Guid entryId, UInt128 fingerprint, ReadOnlySpan<float> vector, LogLocation location)
    {
    }
}
