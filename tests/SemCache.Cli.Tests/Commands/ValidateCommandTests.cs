using System.Runtime.CompilerServices;
using System.Text.Json;
using SemCache.Core;
using SemCache.Core.Indexing;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;

namespace SemCache.Cli.Tests.Commands;

public class ValidateCommandTests(ValidateCommandTests.Server server) : IClassFixture<ValidateCommandTests.Server>
{
    private const int Entries = 70;

    [Fact]
    public async Task Validate_SoundIndexes_ShowsThoseWithAGraph()
    {
        await FillAsync("sound");
        await server.RunAsync("store", "alone", "r", "-n", "sound");

        var run = await server.RunAsync("validate", "-n", "sound");
        var json = await server.RunAsync("validate", "-n", "sound", "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Matches(@"sound +\{model=m\} +70 +70 +0 +[0-9.]+ KiB +0", run.Out);
        Assert.EndsWith("sound  71 entries in 2 partitions\n", run.Out);
        var report = Assert.Single(JsonDocument.Parse(json.Out).RootElement.GetProperty("reports").EnumerateArray());
        Assert.Equal("m", report.GetProperty("scope").GetProperty("model").GetString());
    }

    [Fact]
    public async Task Validate_EntryThatNoSearchFinds_IsToldWithItsOwnCodeAndMadeGood()
    {
        await FillAsync("faulty");
        var partition = Partition("faulty");
        lock (partition.Gate)
        {
            Arena(partition.Index).Add(partition.Entries.First(), new float[256]);
        }

        var run = await server.RunAsync("validate", "-n", "faulty");
        var again = await server.RunAsync("validate", "-n", "faulty");

        Assert.Equal((ExitCode.Faulty, ExitCode.Ok), (run.ExitCode, again.ExitCode));
        Assert.Contains("problem faulty {model=m}: 1 entries are neither linked nor wait to be", run.Out);
        Assert.EndsWith("faulty  70 entries in 1 partition, problems in 1\n", run.Out);
    }

    private async Task FillAsync(string ns)
    {
        for (var i = 0; i < Entries; i++)
        {
            await server.Engine.StoreAsync(new StoreCommand
            {
                Namespace = ns,
                Scope = new Dictionary<string, string> { ["model"] = "m" },
                Prompt = Prompt.FromText($"question {i}"),
                Response = CachedResponse.FromText("r"),
            });
        }

        var index = Partition(ns).Index;
        for (var i = 0; i < 3000 && index is not { Linked: Entries, Backlog: 0 }; i++)
        {
            await Task.Delay(10);
        }
    }

    private Partition Partition(string ns) => server.Engine.Require().Registry.FindNamespace(ns)!.Partitions.Values.First();

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_arena")]
    private static extern ref VectorArena Arena(VectorIndex index);

    /// <summary>A server whose partitions have graphs from 65 entries on.</summary>
    public sealed class Server() : ServerFixture("--SemCache:NamespaceDefaults:Index:FlatEntries=64");
}
