using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Graph;

/// <summary>A check that cannot fail proves nothing: each thing that must hold is broken once, and found.</summary>
public sealed class HnswGraphValidateTests
{
    private static readonly Dictionary<string, (Action<TestGraph> Break, string Problem)> _damages = new()
    {
        ["link without the one back"] = (
            graph =>
            {
                (int slot, int neighbor) = UnanchoredLink(graph);
                graph.Places(neighbor).Replace(slot, -1);
            },
            "which has none back"),
        ["upper link without the one back"] = (
            graph =>
            {
                int slot = graph.Slots.First(
                    slot => Level(graph, slot) > 0 && graph.Places(slot, 1).ContainsAnyExcept(-1));
                int neighbor = graph.Places(slot, 1).ToArray().First(place => place >= 0);
                graph.Places(neighbor, 1).Replace(slot, -1);
            },
            "on layer 1, which has none back"),
        ["link to a slot that is free"] = (
            graph => graph.Places(Leaf(graph))[^1] = graph.Arena.Slots, "which is not there"),
        ["link beyond all blocks"] = (graph => graph.Places(Leaf(graph))[^1] = 1 << 20, "which is not there"),
        ["link to itself"] = (graph => graph.Places(Leaf(graph))[^1] = Leaf(graph), "which is not there"),
        ["link that is no slot"] = (graph => graph.Places(Leaf(graph))[^1] = -7, "which is not there"),
        ["link to a node of a lower level"] = (
            graph => graph.Places(graph.EntryPoint, Level(graph, graph.EntryPoint))[^1] =
                graph.Slots.First(slot => Level(graph, slot) < Level(graph, graph.EntryPoint)),
            "which is not there"),
        ["link twice"] = (
            graph =>
            {
                Span<int> places = graph.Places(Leaf(graph));
                places[^1] = places[0];
            },
            "has a link twice"),
        ["no link to the anchor"] = (
            graph =>
            {
                int slot = Leaf(graph);
                int anchor = Anchor(graph, slot);
                graph.Places(slot).Replace(anchor, -1);
                graph.Places(anchor).Replace(slot, -1);
            },
            "has no link to its anchor"),
        ["anchor of higher rank"] = (
            graph => graph.SetNodeField(Anchor(graph, Leaf(graph)), "Anchor", Leaf(graph)),
            "has an anchor of higher rank"),
        ["second root"] = (graph => graph.SetNodeField(Leaf(graph), "Anchor", -1), "2 nodes have no anchor"),
        ["level without places"] = (
            graph => graph.SetNodeField(Leaf(graph), "Level", (byte)1), "has 0 places on layer 1"),
        ["links of a node that is not linked"] = (
            graph => graph.SetNodeField(Leaf(graph), "IsLinked", false), "is not linked but has links"),
        ["wrong count"] = (graph => TestGraph.Count(graph.Graph)++, "101 counted"),
        ["no entry point"] = (graph => TestGraph.Entry(graph.Graph) = -1, "the entry point is not linked"),
        ["free slot as entry point"] = (
            graph => TestGraph.Entry(graph.Graph) += graph.Arena.Slots - graph.EntryPoint,
            "the entry point is not linked"),
        ["entry point that is too low"] = (
            graph => TestGraph.Entry(graph.Graph) = Leaf(graph), "the entry point is not on the highest layer"),
    };

    public static TheoryData<string> Damages => [.. _damages.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public void Validate_DamagedGraph_NamesTheProblem(string damage)
    {
        TestGraph graph = Hundred();

        _damages[damage].Break(graph);

        Assert.Contains(
            graph.Graph.Validate(), problem => problem.Contains(_damages[damage].Problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_EmptyGraphWithAnEntryPoint_NamesTheProblem()
    {
        var graph = new TestGraph(32, m: 4);
        graph.Remove(graph.Insert(TestEntries.RandomVector(new Random(1), 32)));

        TestGraph.Entry(graph.Graph) = 0;

        Assert.Equal(["an empty graph has an entry point"], graph.Graph.Validate());
    }

    [Fact]
    public void Validate_EverythingIsWrong_NamesTwentyProblems()
    {
        TestGraph graph = Hundred();
        graph.Slots.ForEach(slot => graph.Places(slot).Fill(slot));

        Assert.Equal(20, graph.Graph.Validate().Count);
    }

    private static TestGraph Hundred()
    {
        var random = new Random(1);
        var graph = new TestGraph(32, m: 4);
        for (int i = 0; i < 100; i++)
        {
            graph.Insert(TestEntries.RandomVector(random, 32));
        }

        return graph;
    }

    private static int Anchor(TestGraph graph, int slot) => (int)graph.NodeField(slot, "Anchor")!;

    private static int Level(TestGraph graph, int slot) => (byte)graph.NodeField(slot, "Level")!;

    // A node of layer 0 that is nobody's anchor and has a free place, and whose own anchor is not the root.
    private static int Leaf(TestGraph graph) => graph.Slots.First(slot =>
        Level(graph, slot) == 0
        && graph.Places(slot)[0] >= 0
        && graph.Places(slot)[^1] == -1
        && slot != graph.Root
        && Anchor(graph, slot) != graph.Root
        && graph.Slots.TrueForAll(other => Anchor(graph, other) != slot));

    private static (int Slot, int Neighbor) UnanchoredLink(TestGraph graph)
    {
        foreach (int slot in graph.Slots)
        {
            foreach (int neighbor in graph.Places(slot))
            {
                if (neighbor >= 0 && Anchor(graph, slot) != neighbor && Anchor(graph, neighbor) != slot)
                {
                    return (slot, neighbor);
                }
            }
        }

        throw new InvalidOperationException("All links are anchored.");
    }
}
