using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Graph;

/// <content>Saving and loading: nodes, links of layer 0, links above. No writer may run beside either.</content>
internal sealed partial class HnswGraph
{
    /// <summary>Bytes of what is saved once a graph: entry point, counters.</summary>
    public const int StateBytes = 4 * sizeof(long);

    /// <summary>Bytes of what is saved of a slot beside its links: rank, anchor, level, whether it is linked.</summary>
    public const int NodeBytes = sizeof(long) + sizeof(int) + 2;

    /// <summary>Slots that have to be saved: all linked ones are below.</summary>
    public int LinkedSlots
    {
        get
        {
            int slots = _blocks.Length << VectorArena.BlockBits;
            while (slots > 0 && !NodeOf(slots - 1).IsLinked)
            {
                slots--;
            }

            return slots;
        }
    }

    /// <summary>Neighbourhoods above layer 0.</summary>
    public long UpperLists
    {
        get
        {
            long lists = 0;
            foreach (GraphBlock block in _blocks)
            {
                foreach (ref Node node in block.Nodes.AsSpan())
                {
                    lists += node.IsLinked ? node.Level : 0;
                }
            }

            return lists;
        }
    }

    /// <summary>Writes the graph.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="slots">At least <see cref="LinkedSlots"/>.</param>
    public void WriteTo(SnapshotWriter writer, int slots)
    {
        writer.Int64(_entry);
        writer.Int64(_lastRank);
        writer.Int64(_inserted);
        writer.Int64(_count);
        for (int slot = 0; slot < slots; slot++)
        {
            ref Node node = ref NodeOf(slot);
            writer.Int64(node.IsLinked ? node.Rank : Node.NoRank);
            writer.Int32(node.IsLinked ? node.Anchor : -1);
            writer.Byte(node.IsLinked ? node.Level : (byte)0);
            writer.Byte(node.IsLinked ? (byte)1 : (byte)0);
        }

        writer.Seal();
        for (int slot = 0; slot < slots; slot++)
        {
            writer.Ints(PlacesOf(slot, 0));
        }

        writer.Seal();
        for (int slot = 0; slot < slots; slot++)
        {
            for (int layer = 1; IsLinked(slot) && layer <= NodeOf(slot).Level; layer++)
            {
                writer.Ints(PlacesOf(slot, layer));
            }
        }

        writer.Seal();
    }

    /// <summary>Reads a graph over the slots of an arena.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or refers to what is not there.</exception>
    public static HnswGraph ReadFrom(SnapshotReader reader, VectorArena arena, int m, int efConstruction, long upperLists)
    {
        var graph = new HnswGraph(arena, m, efConstruction);
        graph.EnsureCapacity(arena.Slots);
        graph._entry = reader.Int64();
        graph._lastRank = reader.Int64();
        graph._inserted = reader.Int64();
        graph._count = (int)reader.Int64();
        graph.ReadNodes(reader);
        graph.ReadLinks(reader);
        Require(graph.UpperLists == upperLists, "it has other layers than its header says");
        graph.ReadUpperLayers(reader);
        return graph;
    }

    private void ReadNodes(SnapshotReader reader)
    {
        int slots = _arena.Slots;
        int linked = 0;
        byte[] buffer = new byte[VectorArena.BlockRows * NodeBytes];
        for (int first = 0; first < slots; first += VectorArena.BlockRows)
        {
            Span<byte> nodes = buffer.AsSpan(0, Math.Min(VectorArena.BlockRows, slots - first) * NodeBytes);
            reader.Bytes(nodes);
            for (int slot = first; !nodes.IsEmpty; slot++, nodes = nodes[NodeBytes..])
            {
                ReadNode(slot, nodes);
                linked += NodeOf(slot).IsLinked ? 1 : 0;
            }
        }

        reader.Check("nodes");
        var entry = EntryPoint.Of(_entry);
        Require(linked > 0 && linked == _count, "it has other nodes than it counts");
        Require(
            (uint)entry.Slot < (uint)slots && IsLinked(entry.Slot) && NodeOf(entry.Slot).Level == entry.Level,
            "its entry point is not there");
    }

    private void ReadNode(int slot, ReadOnlySpan<byte> bytes)
    {
        ref Node node = ref NodeOf(slot);
        node.Rank = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        node.Anchor = BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(long)..]);
        node.Level = bytes[NodeBytes - 2];
        node.IsLinked = bytes[NodeBytes - 1] == 1;
        Require(
            node.Anchor >= -1 && node.Anchor < _arena.Slots && node.Level <= MaxLevel
                && (node.IsLinked || node.Level == 0),
            $"its slot {slot} is not possible");
        node.Upper = _upper.Allocate(slot, node.Level);
    }

    private void ReadLinks(SnapshotReader reader)
    {
        int slots = _arena.Slots;
        for (int first = 0; first < slots; first += VectorArena.BlockRows)
        {
            int rows = Math.Min(VectorArena.BlockRows, slots - first);
            Span<int> links = _blocks[first >> VectorArena.BlockBits].Links.AsSpan(0, rows * _m0);
            reader.Ints(links);
            RequireSlots(links);
        }

        reader.Check("links");
        for (int slot = 0; slot < slots; slot++)
        {
            Require(
                IsLinked(slot) || !PlacesOf(slot, 0).ContainsAnyExcept(-1), $"its slot {slot} is not linked but has links");
        }
    }

    private void ReadUpperLayers(SnapshotReader reader)
    {
        for (int slot = 0; slot < _arena.Slots; slot++)
        {
            for (int layer = 1; layer <= NodeOf(slot).Level; layer++)
            {
                Span<int> links = PlacesOf(slot, layer);
                reader.Ints(links);
                RequireSlots(links);
            }
        }

        reader.Check("upper layers");
    }

    private void RequireSlots(ReadOnlySpan<int> links) => Require(
        TensorPrimitives.Min(links) >= -1 && TensorPrimitives.Max(links) < _arena.Slots, "it has links that lead nowhere");

    private static void Require(bool holds, string reason)
    {
        if (!holds)
        {
            throw new InvalidDataException(reason);
        }
    }
}
