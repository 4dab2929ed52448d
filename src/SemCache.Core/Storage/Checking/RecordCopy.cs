using SemCache.Core.Partitions;

namespace SemCache.Core.Storage.Checking;

/// <summary>Reads an entry back from the log that holds it, as one record for another log.</summary>
internal sealed class RecordCopy(ReadLog log) : IRecordSink
{
    private readonly RecordCodec _codec = new(log.Manifest.Secret);
    private PutHeader _header;
    private StoredVector _vector;

    /// <summary>The entry's record as another log would have it; null when the record or its vector cannot be read.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public byte[]? Of(CheckedEntry entry, RecordCodec target)
    {
        if (Read(entry.Location) is not { } record)
        {
            return null;
        }

        RecordCodec.Decode(record, entry.Location, this);
        if (entry.Reembedded.Length > 0)
        {
            if (Read(entry.Reembedded) is not { } reembedded)
            {
                return null;
            }

            RecordCodec.Decode(reembedded, entry.Reembedded, this);
        }

        return target.EncodePut(_header, _vector, RecordCodec.DecodePutContent(record));
    }

    public void Partition(UInt128 partition, PartitionIdentity identity, LogLocation location) =>
        throw new InvalidDataException("An entry's record names a partition.");

    public void Put(
        in PutHeader header,
        UInt128 fingerprint,
        ReadOnlySpan<float> vector,
        string[] tags,
        Savings? saved,
        LogLocation location)
    {
        _header = header;
        _vector = new StoredVector(fingerprint, vector.ToArray());
    }

    public void Remove(UInt128 partition, ReadOnlySpan<Guid> entryIds) =>
        throw new InvalidDataException("An entry's record removes entries.");

    public void Reembed(
        UInt128 partition, Guid entryId, UInt128 fingerprint, ReadOnlySpan<float> vector, LogLocation location) =>
        _vector = new StoredVector(fingerprint, vector.ToArray());

    private byte[]? Read(LogLocation location)
    {
        byte[] record = GC.AllocateUninitializedArray<byte>(location.Length);
        int read = log.Files.Read(location.Address + LogScanner.HeaderBytes, record);
        return read == record.Length && _codec.IsValid(record) ? record : null;
    }
}
