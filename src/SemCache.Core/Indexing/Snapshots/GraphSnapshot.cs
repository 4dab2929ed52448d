using System.Runtime.InteropServices;
using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>
/// A graph on its way from or to a file, with the rows that it stands on, and what each row was made of. Entries
/// themselves are not in it: the entry log has them.
/// </summary>
/// <param name="Graph">The graph over an arena of its own.</param>
/// <param name="Origins">By slot, <see cref="RowOrigin"/>.</param>
internal sealed record GraphSnapshot(HnswGraph Graph, ulong[] Origins)
{
    /// <summary>Writes the graph of an index, which nobody changes meanwhile.</summary>
    /// <param name="file">Receives it; not closed.</param>
    /// <param name="identity">What it belongs to.</param>
    /// <param name="coveredUntil">End of the log: everything that is linked was appended below.</param>
    /// <param name="linked">The graph.</param>
    /// <param name="gate">The partition's; taken for moments.</param>
    /// <returns>What was written.</returns>
    public static SnapshotHeader Write(
        Stream file, in SnapshotIdentity identity, long coveredUntil, LinkedIndex linked, Lock gate)
    {
        int slots = linked.Graph.LinkedSlots;
        var header = new SnapshotHeader(identity, slots, linked.Graph.UpperLists, coveredUntil);
        var writer = new SnapshotWriter(file, identity.Log.Seed);
        header.WriteTo(writer);
        linked.Arena.WriteTo(writer, slots);
        WriteOrigins(writer, linked, gate, slots);
        linked.Graph.WriteTo(writer, slots);
        return header;
    }

    /// <summary>Reads a snapshot and checks all of it.</summary>
    /// <param name="file">Stands at its beginning; not closed.</param>
    /// <param name="wanted">What it must belong to.</param>
    /// <param name="logTail">End of the log as it was recovered: what covers more is of another log.</param>
    /// <param name="efConstruction">Of the graph that goes on from here.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of no use; the message says why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static GraphSnapshot Read(Stream file, in SnapshotIdentity wanted, long logTail, int efConstruction)
    {
        var reader = new SnapshotReader(file, wanted.Log.Seed);
        var header = SnapshotHeader.Read(reader, wanted, file.Length, logTail);
        var arena = VectorArena.ReadFrom(reader, wanted.Dimension, header.Slots);
        ulong[] origins = GC.AllocateUninitializedArray<ulong>(header.Slots);
        reader.Bytes(MemoryMarshal.AsBytes(origins.AsSpan()));
        reader.Check("origins");
        return new GraphSnapshot(
            HnswGraph.ReadFrom(reader, arena, wanted.M, efConstruction, header.UpperLists), origins);
    }

    // A slot that is linked keeps its row until it is taken out, and nobody takes out meanwhile; its entry may go.
    private static void WriteOrigins(SnapshotWriter writer, LinkedIndex linked, Lock gate, int slots)
    {
        Span<ulong> origins = new ulong[VectorArena.BlockRows];
        for (int first = 0; first < slots; first += VectorArena.BlockRows)
        {
            Span<ulong> block = origins[..Math.Min(VectorArena.BlockRows, slots - first)];
            lock (gate)
            {
                for (int i = 0; i < block.Length; i++)
                {
                    block[i] = linked.Graph.IsLinked(first + i) && linked.Arena.EntryOf(first + i) is { } entry
                        ? RowOrigin.Of(entry)
                        : RowOrigin.None;
                }
            }

            writer.Bytes(MemoryMarshal.AsBytes(block));
        }

        writer.Seal();
    }
}
