using System.Buffers.Binary;
using System.Text;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <content>What is needed to write a record again, without decoding all of it.</content>
internal sealed partial class RecordCodec
{
    private const int FingerprintBytes = 16;

    /// <summary>Bytes of a record of another model's vector.</summary>
    /// <param name="components">Components of the vector.</param>
    public static int ReembedBytes(int components) => VectorInReembed + sizeof(int) + (components * sizeof(float));

    /// <summary>Bytes of a record that defines a partition.</summary>
    public static int PartitionBytes(PartitionIdentity identity)
    {
        int bytes = PrefixBytes + (2 * 16) + (2 * sizeof(int)) + Encoding.UTF8.GetByteCount(identity.Namespace);
        foreach ((string key, string value) in identity.Scope.Attributes)
        {
            bytes += (2 * sizeof(int)) + Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
        }

        return bytes;
    }

    /// <summary>The type of a valid record.</summary>
    public static RecordType TypeOf(ReadOnlyMemory<byte> record) => (RecordType)record.Span[ChecksumBytes + 1];

    /// <summary>The header of a valid put record.</summary>
    public static PutHeader DecodePutHeader(ReadOnlyMemory<byte> record)
    {
        var reader = new RecordReader(record[PrefixBytes..]);
        return ReadPutHeader(ref reader);
    }

    /// <summary>What a valid partition record says.</summary>
    public static (UInt128 Partition, PartitionIdentity Identity) DecodePartition(ReadOnlyMemory<byte> record)
    {
        var reader = new RecordReader(record[PrefixBytes..]);
        return (reader.UInt128(), ReadIdentity(ref reader));
    }

    /// <summary>
    /// One put record for an entry that was embedded again: all of its own record, with the vector and the fingerprint of the
    /// later one.
    /// </summary>
    /// <param name="put">The entry's record.</param>
    /// <param name="reembed">The record with its later vector.</param>
    /// <returns>The record; null when the second is another entry's.</returns>
    public byte[]? Combine(ReadOnlySpan<byte> put, ReadOnlySpan<byte> reembed)
    {
        // Both begin with their partition and their entry.
        if (!put.Slice(PrefixBytes, 2 * 16).SequenceEqual(reembed.Slice(PrefixBytes, 2 * 16)))
        {
            return null;
        }

        int oldVector = sizeof(int) + (BinaryPrimitives.ReadInt32LittleEndian(put[VectorInPut..]) * sizeof(float));
        ReadOnlySpan<byte> before = put[..(VectorInPut - FingerprintBytes)];
        ReadOnlySpan<byte> vector = reembed[(VectorInReembed - FingerprintBytes)..];
        ReadOnlySpan<byte> behind = put[(VectorInPut + oldVector)..];
        byte[] combined = [.. before, .. vector, .. behind];
        BinaryPrimitives.WriteUInt64LittleEndian(combined, Checksum(combined));
        return combined;
    }
}
