using System.Buffers.Binary;
using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Storage;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>
/// The first bytes of a snapshot, and thereby its whole layout; little-endian:
/// <code>
/// 0    8 bytes  "SEMGRAPH"
/// 8    i32      format version
/// 12   i32      dimension
/// 16   u128     embedder's fingerprint
/// 32   u128     log
/// 48   u128     partition
/// 64   i32      M
/// 68   i32      slots
/// 72   i64      neighbourhoods above layer 0
/// 80   i64      log address that the snapshot covers
/// 88   u64      checksum
/// </code>
/// Behind it, each with a checksum of everything so far at its end: rows, scales, origins, nodes, links, upper layers.
/// Checksums are XXH3-64, seeded with what only this log knows.
/// </summary>
/// <param name="Identity">What the snapshot belongs to.</param>
/// <param name="Slots">Slots of the arena that are saved; all linked ones are below.</param>
/// <param name="UpperLists">Neighbourhoods above layer 0.</param>
/// <param name="CoveredUntil">End of the log when the graph was saved: all that the snapshot knows stands below.</param>
internal readonly record struct SnapshotHeader(
    SnapshotIdentity Identity, int Slots, long UpperLists, long CoveredUntil)
{
    private const int FormatVersion = 2;

    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 96;

    private const int Sections = 6;

    private static ReadOnlySpan<byte> Magic => "SEMGRAPH"u8;

    /// <summary>Bytes of the whole snapshot.</summary>
    public long FileBytes =>
        Bytes + (Sections * sizeof(ulong)) + HnswGraph.StateBytes + (UpperLists * Identity.M * sizeof(int))
        + (Slots * ((long)DotKernel.Stride(Identity.Dimension) + sizeof(float) + sizeof(ulong)
            + HnswGraph.NodeBytes + (2 * Identity.M * sizeof(int))));

    public void WriteTo(SnapshotWriter writer)
    {
        writer.Bytes(Magic);
        writer.Int32(FormatVersion);
        writer.Int32(Identity.Dimension);
        writer.UInt128(Identity.Embedder);
        writer.UInt128(Identity.Log.Id);
        writer.UInt128(Identity.Partition);
        writer.Int32(Identity.M);
        writer.Int32(Slots);
        writer.Int64(UpperLists);
        writer.Int64(CoveredUntil);
        writer.Seal();
    }

    /// <summary>Reads a header and holds it against what is wanted.</summary>
    /// <param name="reader">Stands at the beginning of the file.</param>
    /// <param name="wanted">What the snapshot must belong to.</param>
    /// <param name="fileBytes">Length of the file.</param>
    /// <param name="logTail">End of the log as it was recovered.</param>
    /// <exception cref="InvalidDataException">The snapshot is of no use; the message says why.</exception>
    public static SnapshotHeader Read(SnapshotReader reader, in SnapshotIdentity wanted, long fileBytes, long logTail)
    {
        Require(fileBytes >= Bytes, $"it has {fileBytes} bytes, less than a header");
        Span<byte> bytes = stackalloc byte[Bytes - sizeof(ulong)];
        reader.Bytes(bytes);
        Require(bytes.StartsWith(Magic), "it is no snapshot of a graph");
        int version = Int32(bytes, 8);
        Require(version == FormatVersion, $"it has format version {version}, this program reads {FormatVersion}");
        // Another log's header fails its checksum, for the seed is the log's; this is the better reason.
        Require(UInt128(bytes, 32) == wanted.Log.Id, "it belongs to another log");
        reader.Check("header");
        Require(UInt128(bytes, 16) == wanted.Embedder, "its vectors were made by another model");
        Require(UInt128(bytes, 48) == wanted.Partition, "it belongs to another partition");
        Require(Int32(bytes, 12) == wanted.Dimension, $"its dimension is {Int32(bytes, 12)}, not {wanted.Dimension}");
        Require(Int32(bytes, 64) == wanted.M, $"its M is {Int32(bytes, 64)}, configured is {wanted.M}");
        var header = new SnapshotHeader(
            wanted,
            Int32(bytes, 68),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[72..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[80..]));
        Require(
            header.Slots > 0 && header.UpperLists >= 0 && header.FileBytes == fileBytes,
            $"it has {fileBytes} bytes, but its header says {header.FileBytes}");
        Require(
            header.CoveredUntil <= logTail,
            $"it covers the log up to address {header.CoveredUntil}, but the log ends at {logTail}");
        return header;
    }

    /// <summary>What a header says that its snapshot belongs to, unchecked.</summary>
    /// <param name="bytes">The header.</param>
    /// <param name="log">The log that it should belong to.</param>
    public static SnapshotIdentity IdentityIn(ReadOnlySpan<byte> bytes, LogIdentity log) =>
        new(UInt128(bytes, 16), log, UInt128(bytes, 48), Int32(bytes, 12), Int32(bytes, 64));

    private static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static UInt128 UInt128(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt128LittleEndian(bytes[at..]);

    private static void Require(bool holds, string reason)
    {
        if (!holds)
        {
            throw new InvalidDataException(reason);
        }
    }
}
