using System.Buffers.Binary;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>Writes a snapshot's header and blocks, one after the other.</summary>
/// <param name="file">Receives the bytes; not closed.</param>
/// <param name="format">The snapshot's header.</param>
internal sealed class BlockWriter(Stream file, EntrySnapshotFormat format)
{
    private const int Room = BlockBuffer.FullAt + (64 << 10);

    private long _position;
    private int _blocks;

    /// <summary>Bytes written.</summary>
    public long Position => _position;

    /// <summary>Writes the header. First.</summary>
    public void Begin()
    {
        file.Write(format.ToBytes());
        _position = EntrySnapshotFormat.HeaderBytes;
    }

    /// <summary>A buffer for the payload of a block.</summary>
    public static BlockBuffer NewBuffer() => new(Room);

    /// <summary>Writes what a buffer holds as a block, and empties the buffer.</summary>
    public void Write(BlockKind kind, BlockBuffer buffer)
    {
        Span<byte> block = buffer.Block;
        BinaryPrimitives.WriteInt32LittleEndian(block, (int)kind);
        BinaryPrimitives.WriteInt32LittleEndian(block[sizeof(int)..], block.Length - EntrySnapshotFormat.BlockHeaderBytes);
        Span<byte> checksum = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(checksum, format.ChecksumOf(block, _position));
        file.Write(block);
        file.Write(checksum);
        _position += block.Length + checksum.Length;
        _blocks++;
        buffer.Clear();
    }

    /// <summary>Writes what ends the file. Last.</summary>
    /// <param name="capturedUntil">End of the log when the capture ended.</param>
    /// <param name="lastId">What ids go on from.</param>
    public void End(long capturedUntil, long lastId)
    {
        BlockBuffer buffer = NewBuffer();
        buffer.Int64(capturedUntil);
        buffer.Int64(lastId);
        buffer.Int32(_blocks);
        Write(BlockKind.End, buffer);
    }
}
