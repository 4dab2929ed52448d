using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Durability;

/// <summary>What a clean restart on the same data folder must keep.</summary>
public sealed class RestartTests
{
    private const string Question = "What is the capital of France?";
    private const string Paraphrase = "What's the capital of France";

    [Fact]
    public async Task Restart_AfterStores_ServesTheSameEntries()
    {
        using var folder = new TemporaryFolder();
        Prompt conversation = Ask.Conversation(("system", "Be brief."), ("user", Question));
        var ids = new List<string>();
        var before = new List<Entry>();
        await using (TestServer server = await TestServer.StartOnAsync(folder))
        {
            StoreRequest full = Ask.Store("a", Question, "Paris").InScope(("model", "x")).Tagged("geo");
            full.Usage = new Usage { PromptTokens = 3, Cost = 0.1, Latency = new(), TimeToFirstToken = new() };
            full.Ttl = Duration.FromTimeSpan(TimeSpan.FromDays(3));
            ids.Add((await server.Cache.StoreAsync(full)).EntryId);
            ids.Add((await server.Cache.StoreAsync(Ask.Store("a", conversation, "Paris!"))).EntryId);
            ids.Add((await server.Cache.StoreAsync(Ask.Store("a", string.Concat(Enumerable.Repeat("long ", 400)), "?"))).EntryId);
            before.AddRange(await EntriesAsync(server, ids));
        }

        await using TestServer restarted = await TestServer.StartOnAsync(folder);
        List<Entry> after = await EntriesAsync(restarted, ids);
        LookupResponse semantic = await restarted.Cache.LookupAsync(Ask.Lookup("a", Paraphrase).InScope(("model", "x")));

        Assert.Equal(before, after);
        Assert.Equal((Outcome.SemanticHit, ids[0]), (semantic.Outcome, semantic.EntryId));
    }

    [Fact]
    public async Task Restart_AfterInvalidations_BringsNothingBack()
    {
        using var folder = new TemporaryFolder();
        await using (TestServer server = await TestServer.StartOnAsync(folder))
        {
            await server.Cache.StoreAsync(Ask.Store("a", "by tag", "x").Tagged("t"));
            await server.Cache.StoreAsync(Ask.Store("a", "by prompt", "x"));
            string id = (await server.Cache.StoreAsync(Ask.Store("a", "by id", "x"))).EntryId;
            await server.Cache.StoreAsync(Ask.Store("a", "by scope", "x").InScope(("user", "1")));
            await server.Cache.StoreAsync(Ask.Store("a", "kept", "x"));
            await server.Cache.StoreAsync(Ask.Store("b", "by namespace", "x"));
            InvalidateRequest[] invalidations =
            [
                new() { Namespace = "a", Tags = { "t" } },
                new() { Namespace = "a", Prompt = Ask.Text("by prompt") },
                new() { Namespace = "a", EntryIds = { id } },
                new() { Namespace = "a", Scope = { ["user"] = "1" } },
                new() { Namespace = "b", EntireNamespace = true },
            ];
            foreach (InvalidateRequest invalidation in invalidations)
            {
                Assert.Equal(1, (await server.Cache.InvalidateAsync(invalidation)).Count);
            }
        }

        await using TestServer restarted = await TestServer.StartOnAsync(folder);
        GetStatsResponse stats = await restarted.Admin.GetStatsAsync(new());

        Assert.Equal(1, stats.Namespaces.Sum(ns => ns.Entries));
        Assert.Equal(Outcome.ExactHit, (await restarted.Cache.LookupAsync(Ask.Lookup("a", "kept"))).Outcome);
    }

    [Fact]
    public async Task Restart_AfterTheTimeToLive_ServesNoExpiredEntry()
    {
        using var folder = new TemporaryFolder();
        await using (TestServer server = await TestServer.StartOnAsync(folder))
        {
            StoreRequest request = Ask.Store("a", Question, "Paris");
            request.Ttl = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1));
            await server.Cache.StoreAsync(request);
        }

        await using TestServer restarted = await TestServer.StartOnAsync(folder);

        Assert.Equal(MissReason.NoCandidate, (await restarted.Cache.LookupAsync(Ask.Lookup("a", Question))).MissReason);
    }

    [Theory]
    [InlineData("Periodic")]
    [InlineData("None")]
    public async Task Restart_AfterACleanStop_LosesNothingWhateverTheDurability(string durability)
    {
        using var folder = new TemporaryFolder();
        string option = $"--SemCache:Storage:Durability={durability}";
        await using (TestServer server = await TestServer.StartOnAsync(folder, option))
        {
            for (int i = 0; i < 50; i++)
            {
                await server.Cache.StoreAsync(Ask.Store("a", Question, $"{i}").InScope(("user", $"{i}")));
            }
        }

        await using TestServer restarted = await TestServer.StartOnAsync(folder, option);

        Assert.Equal(50, Assert.Single((await restarted.Admin.GetStatsAsync(new())).Namespaces).Entries);
    }

    private static async Task<List<Entry>> EntriesAsync(TestServer server, IEnumerable<string> ids)
    {
        var entries = new List<Entry>();
        foreach (string id in ids)
        {
            entries.Add((await server.Cache.GetEntryAsync(new() { Namespace = "a", EntryId = id })).Entry);
        }

        return entries;
    }
}
