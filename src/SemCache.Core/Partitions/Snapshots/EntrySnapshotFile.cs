using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>A snapshot that is opened to be read: all of it is there, and all but the vectors was found undamaged.</summary>
internal sealed class EntrySnapshotFile : IDisposable
{
    // A partition's scope may be this large (Limits:MaxScopeBytes), and more than a block is never written at once.
    private const int LargestPayload = 128 << 20;
    private const int OutsidePayload = EntrySnapshotFormat.BlockHeaderBytes + sizeof(ulong);
    private const int EndBytes = (2 * sizeof(long)) + sizeof(int);

    private readonly SafeFileHandle _file;
    private readonly List<Place> _entryBlocks = [];
    private readonly List<Place> _rowBlocks = [];
    private readonly List<SavedPartition> _partitions = [];

    private EntrySnapshotFile(SafeFileHandle file, LogIdentity log)
    {
        _file = file;
        Length = RandomAccess.GetLength(file);
        byte[] header = new byte[Math.Min(Length, EntrySnapshotFormat.HeaderBytes)];
        ReadExactly(header, 0);
        Format = EntrySnapshotFormat.Read(header, log);
    }

    /// <summary>The header.</summary>
    public EntrySnapshotFormat Format { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>End of the log when the capture ended.</summary>
    public long CapturedUntil { get; private set; }

    /// <summary>What ids go on from.</summary>
    public long LastId { get; private set; }

    /// <summary>The partitions, by their numbers.</summary>
    public IReadOnlyList<SavedPartition> Partitions => _partitions;

    /// <summary>Bytes of the blocks of entries.</summary>
    public long EntryBytes => _entryBlocks.Sum(place => (long)place.Bytes);

    /// <summary>Opens a snapshot and checks all but the vectors.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of no use; the message says why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static EntrySnapshotFile Open(string path, LogIdentity log, CancellationToken cancellationToken)
    {
        SafeFileHandle handle = File.OpenHandle(path, share: FileShare.Read | FileShare.Delete);
        try
        {
            var file = new EntrySnapshotFile(handle, log);
            file.Check(file.FindBlocks(), cancellationToken);
            return file;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Hands the payload of every block of entries to somebody, several at a time.</summary>
    /// <param name="read">Receives a payload, which is only valid during the call, and the bytes of the block.</param>
    /// <param name="cancellationToken">Ends the reading between blocks.</param>
    public void ReadEntries(Action<ReadOnlyMemory<byte>, int> read, CancellationToken cancellationToken) =>
        ForEach(_entryBlocks, (number, payload) => read(payload, _entryBlocks[number].Bytes), cancellationToken);

    /// <summary>As <see cref="ReadEntries"/>, of vectors.</summary>
    /// <exception cref="InvalidDataException">A block is damaged; some or all of the others may have been handed out.</exception>
    /// <exception cref="IOException">A block cannot be read; likewise.</exception>
    public void ReadRows(Action<ReadOnlyMemory<byte>> read, CancellationToken cancellationToken) =>
        ForEach(_rowBlocks, (_, payload) => read(payload), cancellationToken);

    public void Dispose() => _file.Dispose();

    private List<Place> FindBlocks()
    {
        var blocks = new List<Place>();
        Span<byte> header = stackalloc byte[EntrySnapshotFormat.BlockHeaderBytes];
        long position = EntrySnapshotFormat.HeaderBytes;
        while (position < Length)
        {
            EntrySnapshotFormat.Require(Length - position >= OutsidePayload, "its end is missing");
            ReadExactly(header, position);
            int length = BinaryPrimitives.ReadInt32LittleEndian(header[sizeof(int)..]);
            EntrySnapshotFormat.Require(
                length is >= 0 and <= LargestPayload && length <= Length - position - OutsidePayload,
                $"its block at {position} is damaged, or its end is missing");
            blocks.Add(new Place((BlockKind)BinaryPrimitives.ReadInt32LittleEndian(header), position, length + OutsidePayload));
            position += length + OutsidePayload;
        }

        return blocks;
    }

    private void Check(List<Place> blocks, CancellationToken cancellationToken)
    {
        EntrySnapshotFormat.Require(
            blocks is [.., { Kind: BlockKind.End, Bytes: EndBytes + OutsidePayload }], "its end is missing");
        _rowBlocks.AddRange(blocks.Where(place => place.Kind == BlockKind.Rows));
        List<Place> others = [.. blocks.Where(place => place.Kind != BlockKind.Rows)];
        byte[][] kept = new byte[others.Count][];
        ForEach(
            others,
            (number, payload) => kept[number] = others[number].Kind == BlockKind.Entries ? [] : payload.ToArray(),
            cancellationToken);
        ReadEnd(kept[^1], blocks.Count - 1);
        foreach ((Place place, byte[] payload) in others.Zip(kept).SkipLast(1))
        {
            if (place.Kind == BlockKind.Partitions)
            {
                PartitionBlock.Read(payload, _partitions);
            }
            else
            {
                EntrySnapshotFormat.Require(place.Kind == BlockKind.Entries, $"it has a block of the kind {(int)place.Kind}");
                _entryBlocks.Add(place);
            }
        }
    }

    private void ReadEnd(byte[] payload, int blocks)
    {
        var reader = new RecordReader(payload);
        CapturedUntil = reader.Int64();
        LastId = reader.Int64();
        EntrySnapshotFormat.Require(reader.Int32() == blocks, "it has other blocks than it says");
    }

    // Each block is read and checked by one thread.
    private void ForEach(
        List<Place> blocks, Action<int, ReadOnlyMemory<byte>> use, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        try
        {
            Parallel.For(0, blocks.Count, options, number =>
            {
                Place place = blocks[number];
                byte[] buffer = ArrayPool<byte>.Shared.Rent(place.Bytes);
                try
                {
                    ReadExactly(buffer.AsSpan(0, place.Bytes), place.Position);
                    ReadOnlySpan<byte> block = buffer.AsSpan(0, place.Bytes - sizeof(ulong));
                    EntrySnapshotFormat.Require(
                        Format.ChecksumOf(block, place.Position)
                            == BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(block.Length)),
                        $"the checksum of its block at {place.Position} is wrong");
                    use(number, buffer.AsMemory(EntrySnapshotFormat.BlockHeaderBytes, place.Bytes - OutsidePayload));
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            });
        }
        catch (AggregateException exception)
        {
            // The first one says enough.
            throw exception.InnerExceptions[0];
        }
    }

    private void ReadExactly(Span<byte> bytes, long position)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(_file, bytes, position);
            EntrySnapshotFormat.Require(read > 0, "its end is missing");
            bytes = bytes[read..];
            position += read;
        }
    }

    /// <summary>Where a block is, with its header and its checksum.</summary>
    private readonly record struct Place(BlockKind Kind, long Position, int Bytes);
}
