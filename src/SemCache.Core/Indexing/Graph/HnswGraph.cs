using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Graph;

/// <summary>
/// A hierarchical navigable small world over the slots of an arena: Malkov and Yashunin, "Efficient and robust
/// approximate nearest neighbor search using Hierarchical Navigable Small World graphs", arXiv 1603.09320.
/// </summary>
/// <remarks>
/// <para>Where it departs from the paper:</para>
/// <list type="bullet">
/// <item><b>Links are reciprocal.</b> Who drops a link drops it at both ends. A node is therefore known by exactly its
/// neighbours, and can be taken out by touching them alone.</item>
/// <item><b>Removal is real.</b> The neighbours of a node that goes are linked with each other in its stead, nearest pairs
/// first, unless one is reached through a third anyway. A node that is left with few links is linked anew.</item>
/// <item><b>Layer 0 is connected, always.</b> Each node came in by a link to a node that was there: its anchor. That link
/// is never dropped. Ranks count the nodes as they come in, and an anchor's rank is lower than its own node's, so the
/// chain of anchors ends at the one node that has none, the root. When an anchor goes, the node takes another of lower
/// rank.</item>
/// <item><b>A neighbourhood is a fixed row of places</b>, −1 where there is nobody, and changes by single stores. A
/// search reads it while it is written and needs no lock: each link that it reads was one at that moment, and it misses
/// none that stays.</item>
/// <item><b>A new node links to as many as fit</b> (2 M on layer 0), not to M of them; and a candidate counts as reached
/// through another only if it is noticeably nearer to that one (the α of Vamana: Jayaram Subramanya et al., NeurIPS 2019);
/// and if few are left, the nearest of the others fill up to M. All three make links where the paper saves them; comparing quantised vectors is cheap enough.</item>
/// <item><b>A full node drops one link</b>, the farthest that is reached through another, instead of choosing all anew; and
/// only for the M nearest that a new node has chosen.</item>
/// <item><b>The best so far are one sorted row</b> instead of two heaps; the candidates that a heap would hold beside it
/// are never expanded.</item>
/// </list>
/// <para>
/// Any number of searches and inserts may run at the same time. <see cref="Remove"/>, <see cref="EnsureCapacity"/>
/// and <see cref="Trim"/> want no other writer beside them. A search may hold blocks that are trimmed: their slots have no links. Who changes links holds the nodes at both ends, the lower slot first.
/// </para>
/// </remarks>
internal sealed partial class HnswGraph
{
    private const int MaxLevel = 15;

    private readonly VectorArena _arena;
    private readonly int _m;
    private readonly int _m0;
    private readonly int _efConstruction;
    private readonly UpperLayers _upper;
    private readonly Lock _entryGate = new();
    private volatile GraphBlock[] _blocks = [];
    private long _entry = EntryPoint.None;
    private long _lastRank;
    private long _inserted;
    private int _count;

    /// <param name="arena">The vectors. Rows of linked slots stay as they are.</param>
    /// <param name="m">Links of a node above layer 0; twice as many on it. 2…64.</param>
    /// <param name="efConstruction">Candidates that a new node's neighbours are chosen from.</param>
    public HnswGraph(VectorArena arena, int m, int efConstruction)
    {
        _arena = arena;
        _m = m;
        _m0 = 2 * m;
        _efConstruction = Math.Max(efConstruction, _m0);
        _upper = new UpperLayers(m);
    }

    public VectorArena Arena => _arena;

    public int M => _m;

    /// <summary>Linked nodes.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of the links and nodes that there are, of so many nodes at the most.</summary>
    public long UsedBytes(int most) => _upper.UsedBytes + ((long)Math.Min(Count, most) * BytesPerNode);

    /// <summary>Bytes of a node with its links on layer 0.</summary>
    public int BytesPerNode => (_m0 * sizeof(int)) + Unsafe.SizeOf<Node>();

    /// <summary>Bytes of links and nodes, with those of nodes to come.</summary>
    public long Bytes
    {
        get
        {
            long bytes = _upper.Bytes;
            foreach (GraphBlock block in _blocks)
            {
                bytes += ((long)block.Links.Length * sizeof(int)) + ((long)block.Nodes.Length * Unsafe.SizeOf<Node>());
            }

            return bytes;
        }
    }

    /// <summary>Whether a slot is a node.</summary>
    public bool IsLinked(int slot) => slot >> VectorArena.BlockBits < _blocks.Length && NodeOf(slot).IsLinked;

    /// <summary>Makes room for the nodes of this many slots.</summary>
    public void EnsureCapacity(int slots)
    {
        int blocks = (slots + VectorArena.BlockMask) >> VectorArena.BlockBits;
        if (blocks > _blocks.Length)
        {
            _blocks = [.. _blocks, .. Enumerable.Range(0, blocks - _blocks.Length).Select(_ => new GraphBlock(_m0))];
        }
    }

    /// <summary>Lets go of blocks none of whose slots is linked. The only writer.</summary>
    /// <param name="blocks">How many are left.</param>
    public void Trim(int blocks)
    {
        if (blocks < _blocks.Length)
        {
            _blocks = _blocks[..blocks];
        }
    }

    private ref Node NodeOf(int slot) => ref _blocks[slot >> VectorArena.BlockBits].Nodes[slot & VectorArena.BlockMask];

    /// <summary>The places of a node on a layer that it is on. For writers.</summary>
    private Span<int> PlacesOf(int slot, int layer)
    {
        ref int first = ref Places(slot, layer, out int width);
        return Unsafe.IsNullRef(ref first) ? [] : MemoryMarshal.CreateSpan(ref first, width);
    }

    /// <summary>The first place of a node on a layer; a null reference when it is not there, or not any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int Places(int slot, int layer, out int width)
    {
        GraphBlock[] blocks = _blocks;
        int index = slot >> VectorArena.BlockBits;
        if ((uint)index >= (uint)blocks.Length)
        {
            width = 0;
            return ref Unsafe.NullRef<int>();
        }

        GraphBlock block = blocks[index];
        int row = slot & VectorArena.BlockMask;
        if (layer == 0)
        {
            width = _m0;
            return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(block.Links), row * width);
        }

        width = _m;
        return ref _upper.Places(Volatile.Read(ref block.Nodes[row].Upper), slot, layer);
    }

    /// <summary>Where searches begin: a node of the highest layer. Packed, so that both change as one.</summary>
    private readonly record struct EntryPoint(int Slot, int Level)
    {
        public const long None = -1;

        public static EntryPoint Of(long packed) => new((int)packed, (int)(packed >> 32));

        public long Packed => ((long)Level << 32) | (uint)Slot;
    }

    private struct Node
    {
        /// <summary>Rank of a node that is not linked yet: above all.</summary>
        public const long NoRank = long.MaxValue;

        /// <summary>Counts up with the nodes that come in; an anchor's is lower.</summary>
        public long Rank;

        /// <summary>The neighbour that this node keeps, come what may; −1 for the root.</summary>
        public int Anchor;

        /// <summary>The piece of layer 1; −1 when the node is on layer 0 only.</summary>
        public int Upper;

        /// <summary>1 while a writer holds the node.</summary>
        public int Held;

        /// <summary>Highest layer that the node is on.</summary>
        public byte Level;

        public bool IsLinked;
    }

    private sealed class GraphBlock
    {
        public readonly int[] Links;
        public readonly Node[] Nodes = new Node[VectorArena.BlockRows];

        public GraphBlock(int width)
        {
            Links = GC.AllocateUninitializedArray<int>(VectorArena.BlockRows * width);
            Array.Fill(Links, -1);
            Array.Fill(Nodes, new Node { Anchor = -1, Upper = -1 });
        }
    }
}
