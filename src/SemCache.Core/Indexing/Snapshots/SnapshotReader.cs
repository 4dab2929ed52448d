using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote, straight to where it belongs.</summary>
/// <param name="file">The bytes; not closed.</param>
/// <param name="seed">Seed of the checksums.</param>
internal sealed class SnapshotReader(Stream file, long seed)
{
    private readonly XxHash3 _hash = new(seed);

    public long Int64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        Bytes(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public void Ints(Span<int> values) => Bytes(MemoryMarshal.AsBytes(values));

    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public void Bytes(Span<byte> values)
    {
        file.ReadExactly(values);
        _hash.Append(values);
    }

    /// <summary>Reads the checksum that ends a section.</summary>
    /// <exception cref="InvalidDataException">Something up to here is not as it was written.</exception>
    public void Check(string section)
    {
        Span<byte> checksum = stackalloc byte[sizeof(ulong)];
        file.ReadExactly(checksum);
        if (BinaryPrimitives.ReadUInt64LittleEndian(checksum) != _hash.GetCurrentHashAsUInt64())
        {
            throw new InvalidDataException($"the checksum of its {section} is wrong");
        }
    }
}
