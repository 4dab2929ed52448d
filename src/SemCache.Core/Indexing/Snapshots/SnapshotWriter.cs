using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>Writes little-endian values through a buffer into a file, and seals each section with a checksum.</summary>
/// <remarks>
/// Bytes are copied before they are hashed and written: what somebody changes meanwhile never contradicts its checksum.
/// </remarks>
/// <param name="file">Receives the bytes; not closed.</param>
/// <param name="seed">Seed of the checksums.</param>
internal sealed class SnapshotWriter(Stream file, long seed)
{
    private const int BufferBytes = 1 << 18;

    private readonly XxHash3 _hash = new(seed);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _used;

    public void Byte(byte value) => Take(sizeof(byte))[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void UInt128(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Take(16), value);

    public void Ints(ReadOnlySpan<int> values) => Bytes(MemoryMarshal.AsBytes(values));

    public void Bytes(ReadOnlySpan<byte> values)
    {
        while (!values.IsEmpty)
        {
            if (_used == BufferBytes)
            {
                Flush();
            }

            int count = Math.Min(values.Length, BufferBytes - _used);
            values[..count].CopyTo(_buffer.AsSpan(_used));
            _used += count;
            values = values[count..];
        }
    }

    /// <summary>Ends a section with the checksum of everything so far, and hands all to the file.</summary>
    public void Seal()
    {
        Flush();
        Span<byte> checksum = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(checksum, _hash.GetCurrentHashAsUInt64());
        file.Write(checksum);
    }

    private Span<byte> Take(int count)
    {
        if (BufferBytes - _used < count)
        {
            Flush();
        }

        _used += count;
        return _buffer.AsSpan(_used - count, count);
    }

    private void Flush()
    {
        ReadOnlySpan<byte> filled = _buffer.AsSpan(0, _used);
        _hash.Append(filled);
        file.Write(filled);
        _used = 0;
    }
}
