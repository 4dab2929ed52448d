using SemCache.Core.Storage.Checking;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Checking;

public sealed class GraphCheckTests : IAsyncLifetime
{
    private const int Entries = 100;

    private readonly CheckedFolder _folder = new();

    private string Graph => Assert.Single(Directory.GetFiles(_folder.File("graphs")));

    public async ValueTask InitializeAsync()
    {
        await using TestCache cache = await StartAsync();
        for (int i = 0; i < Entries; i++)
        {
            await cache.StoreAsync($"question {i}", $"answer {i}.");
        }

        Core.Indexing.VectorIndex index = cache.Cache.Require().Registry.Partitions.Single().Index;
        for (int i = 0; i < 3000 && index is not { Linked: Entries, Backlog: 0 }; i++)
        {
            await Task.Delay(10);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    [Fact]
    public void Run_SoundGraph_IsCounted()
    {
        CheckReport report = _folder.Check();
        Assert.Empty(report.Findings);
        Assert.Equal((1, Entries), (report.Graphs, report.Entries));
    }

    [Fact]
    public void Run_AnyByteChanged_IsAProblemOfThatFile()
    {
        byte[] sound = File.ReadAllBytes(Graph);
        var random = new Random(2);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. sound];
            damaged[i < 20 ? random.Next(96) : random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(Graph, damaged);
            CheckReport report = _folder.Check();
            Finding problem = Assert.Single(report.Findings);
            Assert.Equal((FindingKind.Problem, "graphs/" + Path.GetFileName(Graph)), (problem.Kind, problem.File));
            Assert.Equal((0, Entries), (report.Graphs, report.Entries));
        }
    }

    [Fact]
    public void Run_Cut_IsAProblem()
    {
        byte[] sound = File.ReadAllBytes(Graph);
        foreach (int length in new[] { 0, 50, 96, sound.Length / 2, sound.Length - 1 })
        {
            File.WriteAllBytes(Graph, sound[..length]);
            Assert.StartsWith("of no use", Assert.Single(_folder.Check().Findings).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_OfAnotherPartition_IsAProblem()
    {
        File.Move(Graph, Path.Combine(_folder.File("graphs"), new string('a', 32) + ".graph"));
        Assert.Contains("another partition", Assert.Single(_folder.Check().Findings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AheadOfTheLog_IsAProblem()
    {
        long tail = _folder.Check().TailAddress;
        using (FileStream log = File.OpenWrite(_folder.File("entries.log.0")))
        {
            log.SetLength(tail - 2000);
        }

        Assert.Contains(_folder.Check().Findings, finding =>
            finding.File.StartsWith("graphs/", StringComparison.Ordinal)
            && finding.Text.Contains("but the log ends at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_EntriesGoneSince_IsANote()
    {
        byte[] saved = await File.ReadAllBytesAsync(Graph, TestContext.Current.CancellationToken);
        string path = Graph;
        await using (TestCache cache = await StartAsync())
        {
            await cache.Cache.InvalidateAsync(
                new InvalidateFilter { Prompt = Prompt.FromText("question 7") }, TestContext.Current.CancellationToken);
        }

        await File.WriteAllBytesAsync(path, saved, TestContext.Current.CancellationToken);
        Finding note = Assert.Single(_folder.Check().Findings);
        Assert.Equal(FindingKind.Note, note.Kind);
        Assert.StartsWith($"1 of {Entries} rows", note.Text, StringComparison.Ordinal);
    }

    private Task<TestCache> StartAsync() => TestCache.StartAsync(
        _folder.Path, null, [.. SmallLog.Options, ("NamespaceDefaults:Index:FlatEntries", "64")]);
}
