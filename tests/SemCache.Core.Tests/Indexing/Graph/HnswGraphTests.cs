using CsCheck;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Graph;

/// <summary>Whatever is inserted and removed, the graph is valid after every single change.</summary>
public sealed class HnswGraphTests
{
    public enum Shape
    {
        Random,
        Clusters,
        Identical,
        Line,
    }

    public enum Victim
    {
        EntryPoint,
        Root,
        Oldest,
        Newest,
        Random,
    }

    public static TheoryData<int, Shape> ShapesAndWidths =>
        new MatrixTheoryData<int, Shape>([2, 3, 4, 16, 64], Enum.GetValues<Shape>());

    public static TheoryData<int, Victim, Shape> Victims =>
        new MatrixTheoryData<int, Victim, Shape>([2, 5], Enum.GetValues<Victim>(), [Shape.Clusters, Shape.Identical]);

    [Theory]
    [MemberData(nameof(ShapesAndWidths))]
    public void InsertAndRemove_AnySequence_StaysValid(int m, Shape shape) =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[35, 65], Gen.Int[1, 250]).Sample(
            (seed, insertPercent, operations) =>
            {
                var random = new Random(seed);
                var graph = new TestGraph(32, m);
                for (int i = 0; i < operations; i++)
                {
                    if (graph.Slots.Count == 0 || random.Next(100) < insertPercent)
                    {
                        graph.Insert(VectorOf(shape, random));
                    }
                    else
                    {
                        graph.Remove(graph.Slots[random.Next(graph.Slots.Count)]);
                    }
                }
            },
            iter: 20);

    [Theory]
    [MemberData(nameof(Victims))]
    public void Remove_OneAfterTheOtherUntilNothingIsLeft_StaysValidAndFillsAgain(int m, Victim victim, Shape shape)
    {
        const int nodes = 200;
        var random = new Random(m);
        var graph = new TestGraph(32, m);
        for (int round = 0; round < 2; round++)
        {
            while (graph.Slots.Count < nodes)
            {
                graph.Insert(VectorOf(shape, random));
            }

            while (graph.Slots.Count > 0)
            {
                graph.Remove(victim switch
                {
                    Victim.EntryPoint => graph.EntryPoint,
                    Victim.Root => graph.Root,
                    Victim.Oldest => graph.Slots[0],
                    Victim.Newest => graph.Slots[^1],
                    _ => graph.Slots[random.Next(graph.Slots.Count)],
                });
            }
        }

        // Every slot was used twice.
        Assert.Equal(nodes, graph.Arena.Slots);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void Remove_EveryOtherAgainAndAgain_ReusesSlotsAndMemory(int m)
    {
        const int nodes = 300;
        var random = new Random(1);
        var graph = new TestGraph(32, m);
        for (int i = 0; i < nodes; i++)
        {
            graph.Insert(VectorOf(Shape.Clusters, random));
        }

        long before = graph.Graph.Bytes;
        for (int i = 0; i < nodes; i++)
        {
            graph.Remove(graph.Slots[random.Next(graph.Slots.Count)]);
            graph.Insert(VectorOf(Shape.Clusters, random));
        }

        Assert.Equal(nodes, graph.Arena.Slots);
        Assert.InRange(graph.Graph.Bytes, before, before * 11 / 10);
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(16, 1)]
    public void Search_AfterChurn_FindsEveryNodeByItsOwnVectorAndNoOther(int m, int mostMissed)
    {
        var random = new Random(1);
        var graph = new TestGraph(32, m, efConstruction: 64);
        for (int i = 0; i < 900; i++)
        {
            graph.Insert(TestEntries.RandomVector(random, 32));
            if (i % 3 == 2)
            {
                graph.Remove(graph.Slots[random.Next(graph.Slots.Count)]);
            }
        }

        int missed = 0;
        foreach (int slot in graph.Slots)
        {
            int[] found = graph.FindNear(slot, breadth: 50);
            Assert.Equal(50, found.Length);
            Assert.Equal(50, found.Distinct().Count());
            Assert.Subset(graph.Slots.ToHashSet(), found.ToHashSet());
            missed += found[0] == slot ? 0 : 1;
        }

        Assert.InRange(missed, 0, mostMissed);
    }

    [Fact]
    public void Search_BreadthOfAllNodes_FindsAll()
    {
        // Layer 0 is connected: a search that may keep everything finds everything, however the vectors lie.
        foreach (Shape shape in Enum.GetValues<Shape>())
        {
            var random = new Random(1);
            var graph = new TestGraph(32, m: 2);
            for (int i = 0; i < 400; i++)
            {
                graph.Insert(VectorOf(shape, random));
                if (i % 4 == 3)
                {
                    graph.Remove(graph.EntryPoint);
                }
            }

            Assert.Equal(graph.Slots.Order(), graph.FindNear(graph.Slots[0], graph.Slots.Count).Order());
        }
    }

    [Fact]
    public void Search_EmptyGraph_FindsNothing()
    {
        var graph = new TestGraph(32, m: 4);
        int slot = graph.Insert(TestEntries.RandomVector(new Random(1), 32));
        Assert.Equal([slot], graph.FindNear(slot, breadth: 10));

        graph.Remove(slot);

        Assert.Empty(graph.FindNear(slot, breadth: 10));
    }

    [Theory]
    [InlineData(2, 8)]
    [InlineData(16, 4)]
    public void Insert_ManyThreads_IsValidAndFindsAll(int m, int threads)
    {
        const int nodes = 3000;
        var random = new Random(1);
        var graph = new TestGraph(32, m);
        int[] slots =
        [
            .. Enumerable.Range(0, nodes).Select(
                _ => graph.Arena.Add(TestEntries.New(), VectorOf(Shape.Clusters, random))),
        ];
        graph.Graph.EnsureCapacity(graph.Arena.Slots);

        Parallel.ForEach(slots, new ParallelOptions { MaxDegreeOfParallelism = threads }, graph.Graph.Insert);

        graph.Slots.AddRange(slots);
        graph.AssertValid();
        Assert.Equal(slots.Order(), graph.FindNear(slots[0], nodes).Order());
    }

    private static float[] VectorOf(Shape shape, Random random)
    {
        float[] vector = new float[32];
        switch (shape)
        {
            case Shape.Random:
                return TestEntries.RandomVector(random, 32);
            case Shape.Clusters:
                // Five tight ones, far from each other: full nodes, and only anchors lead from one to the next.
                vector = TestEntries.RandomVector(random, 32);
                vector[random.Next(5)] += 20;
                return Unit(vector);
            case Shape.Line:
                // All in one plane through the origin, at few angles: many are equally near.
                float angle = random.Next(12) * 0.1f;
                (vector[0], vector[1]) = (MathF.Cos(angle), MathF.Sin(angle));
                return vector;
            default:
                vector[7] = 1;
                return vector;
        }
    }

    private static float[] Unit(float[] vector)
    {
        float norm = System.Numerics.Tensors.TensorPrimitives.Norm<float>(vector);
        return [.. vector.Select(value => value / norm)];
    }
}
