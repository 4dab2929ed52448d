using System.Buffers.Binary;
using System.Text;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>A block that is being filled: little-endian values behind room for the block's header.</summary>
internal sealed class BlockBuffer(int room)
{
    /// <summary>Bytes from which on a block is written: large enough that its checksum costs nothing, and many fit in memory.</summary>
    public const int FullAt = 1 << 20;

    private byte[] _bytes = new byte[room];
    private int _used = EntrySnapshotFormat.BlockHeaderBytes;

    /// <summary>Whether it is time to write it.</summary>
    public bool IsFull => _used >= FullAt;

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => _used == EntrySnapshotFormat.BlockHeaderBytes;

    /// <summary>The block's header, still to be filled, and the payload.</summary>
    public Span<byte> Block => _bytes.AsSpan(0, _used);

    /// <summary>Empties it.</summary>
    public void Clear() => _used = EntrySnapshotFormat.BlockHeaderBytes;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void UInt128(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Take(16), value);

    public void Text(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Room for so many bytes, to be filled at once.</summary>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - _used < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + count));
        }

        _used += count;
        return _bytes.AsSpan(_used - count, count);
    }

    /// <summary>Where the next value goes.</summary>
    public int Position => _used;

    /// <summary>Changes a value that was written.</summary>
    public void Int32At(int position, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), value);
}
