using System.Buffers.Binary;
using System.IO.Hashing;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>
/// The file <c>entries.snapshot</c>: what is in memory of all entries, so that a start need not read the whole log.
/// Little-endian:
/// <code>
/// 0    8 bytes  "SEMENTRY"
/// 8    i32      format version
/// 12   i32      dimension
/// 16   u128     embedder's fingerprint
/// 32   u128     log
/// 48   i64      B: log address to replay from
/// 56   i64      a number that no other snapshot has
/// 64   u64      checksum
/// 72   …        blocks: i32 kind, i32 length, payload, u64 checksum; the last is of the kind End
/// </code>
/// Checksums are XXH3-64, seeded with what only this log knows, in a block also with the header's checksum and the block's
/// place: a block of another snapshot, or another place, is as wrong as a damaged one. Nothing is applied before all of
/// the file is known to be there and every checksum was found right, but those of vectors: they come last, each block for
/// itself, and what cannot be had from here is read from the log. Payloads are described at <see cref="EntryBlock"/>,
/// <see cref="PartitionBlock"/> and <see cref="RowBlock"/>; End is i64 E, i64 last id, i32 blocks in front of it.
/// <para>
/// <b>Why it is right although nobody is stopped while it is made.</b> B is the end of the log when the capture begins, E
/// when it ends. Whoever appends holds the partition's gate until the record is applied, and the capture takes each
/// partition's gate after B is known and before it looks at the first entry: every record in front of B is in it. Of the
/// records between B and E, any may be in it or not. The snapshot is only valid together with a replay of all records from
/// B on, in their order, and only of a log that still reaches E. Every record leads to the same state then, whether it was in
/// the snapshot or not, because nothing older than what is known is ever applied:
/// </para>
/// <list type="bullet">
/// <item><b>Partition</b> names what exists, or makes it. A partition that came into being after B, or came back after it
/// had been let go of, is defined anew behind B. One that is let go of while the list is made is empty: what it still had
/// behind B was removed there, or has expired and is missed by nobody.</item>
/// <item><b>Put</b> of entry e at address a, with the entry p known for the same text: if p's record lies behind a, then p was
/// alive there, later than a, and had replaced e or is e: passed over. If p is e at a, all is known. If p is e further in
/// front, the record is a copy that compaction has made: e moves to a, with the vector that the copy holds. Otherwise e
/// replaces p, as it did.</item>
/// <item><b>Remove</b> of e: e goes if it is known. Ids are never used again, so nothing brings it back but a Put of e that
/// lies in front, and those are over.</item>
/// <item><b>Reembed</b> of e at a: applied if neither e's record nor its present vector's lies behind a; a copy of e behind a
/// holds that vector itself.</item>
/// </list>
/// <para>
/// What the capture saw removed or replaced too late, a record behind B removes or replaces. What it missed was stored
/// behind B. What has expired needs no record. Where compaction has truncated the log since, an entry whose known record
/// lies in front of the log's begin was copied behind B, and the replay moves it; if not, it was removed or replaced in what
/// is truncated, or is lost: it is dropped in either case.
/// </para>
/// </summary>
internal readonly record struct EntrySnapshotFormat(
    LogIdentity Log, UInt128 Embedder, int Dimension, long ReplayFrom, long Nonce, ulong Checksum)
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 72;

    /// <summary>Bytes of a block in front of its payload.</summary>
    public const int BlockHeaderBytes = 2 * sizeof(int);

    private const int FormatVersion = 1;

    private static ReadOnlySpan<byte> Magic => "SEMENTRY"u8;

    /// <summary>The header of a snapshot that is about to be made.</summary>
    public static EntrySnapshotFormat Of(LogIdentity log, UInt128 embedder, int dimension, long replayFrom)
    {
        var format = new EntrySnapshotFormat(
            log, embedder, dimension, replayFrom, BitConverter.ToInt64(Guid.NewGuid().ToByteArray()), 0);
        return format with { Checksum = XxHash3.HashToUInt64(format.ToBytes().AsSpan(0, HeaderBytes - sizeof(ulong)), log.Seed) };
    }

    /// <summary>The header as bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Dimension);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(16), Embedder);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(32), Log.Id);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), ReplayFrom);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), Nonce);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(64), Checksum);
        return bytes;
    }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">As many as a header has, or fewer if the file has no more.</param>
    /// <param name="log">The log that the snapshot must belong to.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of no use; the message says why.</exception>
    public static EntrySnapshotFormat Read(ReadOnlySpan<byte> bytes, LogIdentity log)
    {
        Require(bytes.Length == HeaderBytes, $"it has {bytes.Length} bytes, less than a header");
        Require(bytes.StartsWith(Magic), "it is no snapshot of entries");
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        Require(version == FormatVersion, $"it has format version {version}, this program reads {FormatVersion}");
        // Another log's header fails its checksum, for the seed is the log's; this is the better reason.
        Require(BinaryPrimitives.ReadUInt128LittleEndian(bytes[32..]) == log.Id, "it belongs to another log");
        ulong checksum = BinaryPrimitives.ReadUInt64LittleEndian(bytes[64..]);
        Require(XxHash3.HashToUInt64(bytes[..64], log.Seed) == checksum, "the checksum of its header is wrong");
        return new EntrySnapshotFormat(
            log,
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            checksum);
    }

    /// <summary>The checksum of a block.</summary>
    /// <param name="block">Kind, length and payload.</param>
    /// <param name="position">Where it begins in the file.</param>
    public ulong ChecksumOf(ReadOnlySpan<byte> block, long position) =>
        XxHash3.HashToUInt64(block, unchecked(Log.Seed ^ (long)Checksum ^ (position * 0x5851F42D4C957F2D)));

    /// <exception cref="InvalidDataException">It does not hold.</exception>
    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}

/// <summary>What a block holds. The numbers are part of the format.</summary>
internal enum BlockKind
{
    /// <summary><see cref="EntryBlock"/>.</summary>
    Entries = 1,

    /// <summary><see cref="PartitionBlock"/>.</summary>
    Partitions = 2,

    /// <summary>What ends the file.</summary>
    End = 3,

    /// <summary><see cref="RowBlock"/>.</summary>
    Rows = 4,
}
