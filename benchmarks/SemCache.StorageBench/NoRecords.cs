using SemCache.Core;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.StorageBench;

/// <summary>Recovers an empty log.</summary>
internal sealed class NoRecords : IRecordSink
{
    public void Partition(UInt128 partition, PartitionIdentity identity, LogLocation location) =>
        throw new NotSupportedException();

    public void Put(
        in PutHeader header,
        UInt128 fingerprint,
        ReadOnlySpan<float> vector,
        string[] tags,
        Savings? saved,
        LogLocation location) => throw new NotSupportedException();

    public void Remove(UInt128 partition, ReadOnlySpan<Guid> entryIds) => throw new NotSupportedException();

    public void Reembed(
        UInt128 partition, Guid entryId, UInt128 fingerprint, ReadOnlySpan<float> vector, LogLocation location) =>
        throw new NotSupportedException();
}
