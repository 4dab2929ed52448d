using System.Collections.Concurrent;

namespace SemCache.Server.Tests.Durability;

/// <summary>SIGTERM: the server ends what it has begun, loses nothing and says that all went well.</summary>
public sealed class GracefulStopTests
{
    private const int Writers = 4;
    private const int SnapshotLoaded = 33;

    [Theory]
    [InlineData("Commit")]
    [InlineData("None")]
    public async Task Terminate_WhileWriting_ExitsCleanlyAndKeepsEveryAcknowledgedEntry(string durability)
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new ConcurrentBag<string>();
        await using (ServerProcess server = await ServerProcess.StartAsync(
            folder.File("data"), $"--SemCache:Storage:Durability={durability}"))
        {
            Task[] writing = [.. Enumerable.Range(0, Writers).Select(
                i => Task.Run(() => WriteAsync(server.Clients.Cache, i, acknowledged)))];
            await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Count >= 40), "40 stores");
            await server.TerminateAsync();
            await Task.WhenAll(writing);

            Assert.Equal(0, server.ExitCode);
            Assert.Empty(server.Errors);
        }

        await using TestServer restarted = await TestServer.StartOnAsync(folder);
        using var export = restarted.Admin.ExportEntries(new() { Namespace = "a" });
        List<ExportEntriesResponse> entries = await export.ResponseStream.ReadToEndAsync();

        Assert.Empty(acknowledged.Except(entries.Select(exported => exported.Entry.EntryId)));
    }

    [Fact]
    public async Task Terminate_WhileAClientHoldsAStreamOpen_ExitsCleanly()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(
            folder.File("data"), "--SemCache:Storage:ShutdownTimeout=00:00:02");
        await server.Clients.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."));
        using var idle = server.Clients.Cache.LookupMany();
        await idle.RequestStream.WriteAsync(new() { Lookup = Ask.Lookup("a", "Why?") });
        Assert.True(await idle.ResponseStream.MoveNext(CancellationToken.None));

        await server.TerminateAsync();

        Assert.Equal(0, server.ExitCode);
        Assert.Empty(server.Errors);
        // Saved before the stream used up all the time.
        await using TestServer restarted = await AssertStartsFromASnapshotAsync(folder, entries: 1);
    }

    [Fact]
    public async Task Terminate_Twice_ExitsCleanlyAndSavesForAQuickStart()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.File("data"));
        await server.Clients.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."));
        await server.Clients.Cache.StoreAsync(Ask.Store("b", "Why?", "Because."));

        await server.TerminateAsync(times: 2);

        Assert.Equal(0, server.ExitCode);
        Assert.Empty(server.Errors);
        await using TestServer restarted = await AssertStartsFromASnapshotAsync(folder, entries: 2);
    }

    [Fact]
    public async Task Kill_AfterACleanStop_StartsFromTheSnapshotAndTheTail()
    {
        using var folder = new TemporaryFolder();
        await using (ServerProcess server = await ServerProcess.StartAsync(folder.File("data")))
        {
            await server.Clients.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."));
            await server.Clients.Cache.StoreAsync(Ask.Store("a", "Who?", "They."));
            await server.TerminateAsync();
        }

        await using (ServerProcess killed = await ServerProcess.StartAsync(folder.File("data")))
        {
            await killed.Clients.Cache.StoreAsync(Ask.Store("a", "Why?", "For a reason."));
            await killed.Clients.Cache.InvalidateAsync(new() { Namespace = "a", Prompt = Ask.Text("Who?") });
            await killed.KillAsync();
        }

        await using TestServer restarted = await AssertStartsFromASnapshotAsync(folder, entries: 2);
        LookupResponse found = await restarted.Cache.LookupAsync(Ask.Lookup("a", "Why?"));
        Assert.Equal((Outcome.ExactHit, "For a reason."), (found.Outcome, found.Response.Text));
        Assert.Equal(Outcome.Miss, (await restarted.Cache.LookupAsync(Ask.Lookup("a", "Who?"))).Outcome);
    }

    private static async Task<TestServer> AssertStartsFromASnapshotAsync(TemporaryFolder folder, int entries)
    {
        TestServer restarted = await TestServer.StartOnAsync(folder);
        Assert.Contains(
            restarted.Log.Lines,
            line => line.EventId == SnapshotLoaded && line.Text.StartsWith($"Snapshot of {entries} entries", StringComparison.Ordinal));
        return restarted;
    }

    // Every writer goes on until the server refuses.
    private static async Task WriteAsync(
        SemanticCache.SemanticCacheClient cache, int writer, ConcurrentBag<string> acknowledged)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                StoreResponse stored = await cache.StoreAsync(Ask.Store("a", $"Writer {writer} asks question {i}", $"{i}"));
                acknowledged.Add(stored.EntryId);
            }
        }
        catch (RpcException)
        {
            // The server is gone.
        }
    }
}
