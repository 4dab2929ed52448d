using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Graph;

/// <summary>Searches beside the one writer.</summary>
public sealed class HnswGraphStressTests
{
    private const int Nodes = 300;

    [Fact]
    public async Task Search_WhileEntryPointsAndRootsAreRemoved_FindsWhatIsThere()
    {
        var graph = new TestGraph(32, m: 8, efConstruction: 64);
        var random = new Random(1);
        for (int i = 0; i < Nodes; i++)
        {
            graph.Insert(TestEntries.RandomVector(random, 32));
        }

        // Odd while a node is out; a search between two equal even numbers must have found it.
        int[] versions = new int[Nodes];
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
        Task<(int Sought, int Missed)>[] searches =
        [
            .. Enumerable.Range(0, 2).Select(
                seed => Task.Run(() => Search(graph, versions, new Random(seed), done.Token))),
        ];
        int removals = await Task.Run(() => Write(graph, versions, done.Token));
        (int Sought, int Missed)[] outcomes = await Task.WhenAll(searches);

        graph.AssertValid();
        Assert.InRange(removals, 100, int.MaxValue);
        int sought = outcomes.Sum(outcome => outcome.Sought);
        Assert.InRange(sought, 1000, int.MaxValue);
        // A search that is interrupted on a node while that goes has nowhere to go on to.
        Assert.InRange(outcomes.Sum(outcome => outcome.Missed), 0, sought / 2000);
    }

    private static int Write(TestGraph graph, int[] versions, CancellationToken done)
    {
        int removals = 0;
        for (; !done.IsCancellationRequested; removals++)
        {
            int slot = removals % 8 == 0 ? graph.Root : graph.EntryPoint;
            Interlocked.Increment(ref versions[slot]);
            graph.Graph.Remove(slot);
            graph.Graph.Insert(slot);
            Interlocked.Increment(ref versions[slot]);
        }

        return removals;
    }

    private static (int Sought, int Missed) Search(
        TestGraph graph, int[] versions, Random random, CancellationToken done)
    {
        int sought = 0;
        int missed = 0;
        while (!done.IsCancellationRequested)
        {
            int slot = random.Next(Nodes);
            int before = Volatile.Read(ref versions[slot]);
            bool isFound = graph.FindNear(slot, breadth: 50).Contains(slot);
            if (before % 2 == 0 && before == Volatile.Read(ref versions[slot]))
            {
                sought++;
                missed += isFound ? 0 : 1;
            }
        }

        return (sought, missed);
    }
}
