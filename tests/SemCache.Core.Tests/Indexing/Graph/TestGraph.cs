using System.Reflection;
using System.Runtime.CompilerServices;
using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Graph;

/// <summary>A graph over an arena of its own, which is checked after every change.</summary>
internal sealed class TestGraph
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    public TestGraph(int dimension, int m, int efConstruction = 24)
    {
        Arena = new VectorArena(dimension);
        Graph = new HnswGraph(Arena, m, efConstruction);
    }

    public VectorArena Arena { get; }

    public HnswGraph Graph { get; }

    /// <summary>The linked slots.</summary>
    public List<int> Slots { get; } = [];

    /// <summary>Where searches begin.</summary>
    public int EntryPoint => (int)Entry(Graph);

    /// <summary>The one node without an anchor.</summary>
    public int Root => Slots.Single(slot => (int)NodeField(slot, "Anchor")! < 0);

    public int Insert(ReadOnlySpan<float> vector)
    {
        int slot = Arena.Add(TestEntries.New(), vector);
        Graph.EnsureCapacity(Arena.Slots);
        Graph.Insert(slot);
        Slots.Add(slot);
        AssertValid();
        return slot;
    }

    public void Remove(int slot)
    {
        Assert.True(Slots.Remove(slot));
        Arena.Clear(slot);
        Graph.Remove(slot);
        Arena.Free(slot);
        AssertValid();
    }

    public void AssertValid()
    {
        Assert.Empty(Graph.Validate());
        Assert.Equal(Slots.Count, Graph.Count);
    }

    /// <summary>The slots that a search for a slot's own vector finds, nearest first.</summary>
    public int[] FindNear(int slot, int breadth)
    {
        SearchContext context = SearchContext.Rent();
        context.Query.Load(Arena, slot);
        Graph.Search(context, breadth, float.NegativeInfinity);
        int[] found = [.. context.Nearest.Take(context.Found).Select(neighbor => neighbor.Slot)];
        SearchContext.Return(context);
        return found;
    }

    /// <summary>A node's places on a layer, to be changed.</summary>
    public Span<int> Places(int slot, int layer = 0) => PlacesOf(Graph, slot, layer);

    /// <summary>Reads a field of a node.</summary>
    public object? NodeField(int slot, string name)
    {
        object node = Nodes(slot).GetValue(slot & VectorArena.BlockMask)!;
        return node.GetType().GetField(name, Hidden)!.GetValue(node);
    }

    /// <summary>Changes a field of a node behind the graph's back.</summary>
    public void SetNodeField(int slot, string name, object value)
    {
        Array nodes = Nodes(slot);
        object node = nodes.GetValue(slot & VectorArena.BlockMask)!;
        node.GetType().GetField(name, Hidden)!.SetValue(node, value);
        nodes.SetValue(node, slot & VectorArena.BlockMask);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_entry")]
    public static extern ref long Entry(HnswGraph graph);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_count")]
    public static extern ref int Count(HnswGraph graph);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "PlacesOf")]
    private static extern Span<int> PlacesOf(HnswGraph graph, int slot, int layer);

    private Array Nodes(int slot)
    {
        var blocks = (Array)typeof(HnswGraph).GetField("_blocks", Hidden)!.GetValue(Graph)!;
        object block = blocks.GetValue(slot >> VectorArena.BlockBits)!;
        return (Array)block.GetType().GetField("Nodes", Hidden)!.GetValue(block)!;
    }
}
