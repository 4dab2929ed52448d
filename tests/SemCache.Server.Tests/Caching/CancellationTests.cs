namespace SemCache.Server.Tests.Caching;

/// <summary>Clients that give up: the statuses they see, and a server that serves on.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task Lookup_WhoseDeadlinePasses_EndsWithDeadlineExceeded()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await StartSlowAsync(folder);
        Task[] crowd = Crowd(server);

        // A quick machine may have an answer, or tell that there will be none in time, before the deadline's timer fires.
        Exception? late = null;
        for (int attempt = 1; late is not RpcException { StatusCode: StatusCode.DeadlineExceeded } && attempt <= 50; attempt++)
        {
            late = await Record.ExceptionAsync(async () => await server.Cache.LookupAsync(
                Ask.Lookup("a", CopyOfModel.SlowPrompt(-attempt)),
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(1)));
        }

        await Task.WhenAll(crowd);

        Assert.Equal(StatusCode.DeadlineExceeded, Assert.IsType<RpcException>(late).StatusCode);
        await AssertIdleAsync(server);
    }

    [Fact]
    public async Task Lookup_ThatIsCancelled_EndsWithCancelled()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await StartSlowAsync(folder);
        Task[] crowd = Crowd(server);
        using var cancelled = new CancellationTokenSource();

        using AsyncUnaryCall<LookupResponse> call = server.Cache.LookupAsync(
            Ask.Lookup("a", CopyOfModel.SlowPrompt(-1)), cancellationToken: cancelled.Token);
        await cancelled.CancelAsync();
        RpcException ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        await Task.WhenAll(crowd);

        Assert.Equal(StatusCode.Cancelled, ended.StatusCode);
        await AssertIdleAsync(server);
    }

    [Fact]
    public async Task LookupMany_ThatIsCancelledMidway_LeavesNothingRunning()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await StartSlowAsync(folder);
        await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."));
        using var cancelled = new CancellationTokenSource();
        using var call = server.Cache.LookupMany(cancellationToken: cancelled.Token);
        for (int i = 0; i < 300; i++)
        {
            await call.RequestStream.WriteAsync(new() { Lookup = Ask.Lookup("a", CopyOfModel.SlowPrompt(i)) });
        }

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await cancelled.CancelAsync();
        RpcException ended = await Assert.ThrowsAsync<RpcException>(call.ResponseStream.ReadToEndAsync);

        Assert.Equal(StatusCode.Cancelled, ended.StatusCode);
        await AssertIdleAsync(server);
        NamespaceStats stats = Assert.Single((await server.Admin.GetStatsAsync(new())).Namespaces);
        Assert.True(stats.Lookups < 300, "Every item was answered although the client had gone.");
    }

    [Fact]
    public async Task StoreMany_ThatIsCancelledMidway_KeepsWhatWasAcknowledged()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var cancelled = new CancellationTokenSource();
        using var call = server.Cache.StoreMany(cancellationToken: cancelled.Token);
        var acknowledged = new List<string>();
        for (int i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new() { Store = Ask.Store("a", $"Question {i}", $"answer {i}") });
        }

        while (acknowledged.Count < 20)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            acknowledged.Add(call.ResponseStream.Current.Stored.EntryId);
        }

        await cancelled.CancelAsync();
        foreach (string id in acknowledged)
        {
            Assert.Equal(id, (await server.Cache.GetEntryAsync(new() { Namespace = "a", EntryId = id })).Entry.EntryId);
        }

        await AssertIdleAsync(server);
    }

    [Fact]
    public async Task ExportEntries_ThatIsCancelledMidway_EndsWithCancelled()
    {
        await using TestServer server = await TestServer.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            await server.Cache.StoreAsync(Ask.Store("a", $"Question {i}", new string('x', 1 << 19)));
        }

        using var cancelled = new CancellationTokenSource();
        using var call = server.Admin.ExportEntries(new() { Namespace = "a" }, cancellationToken: cancelled.Token);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await cancelled.CancelAsync();
        RpcException ended = await Assert.ThrowsAsync<RpcException>(call.ResponseStream.ReadToEndAsync);

        Assert.Equal(StatusCode.Cancelled, ended.StatusCode);
        await AssertIdleAsync(server);
    }

    private static async Task<TestServer> StartSlowAsync(TemporaryFolder folder) => await TestServer.StartAsync(
        $"--SemCache:Model:Path={await CopyOfModel.SlowAsync(folder)}",
        "--SemCache:Model:Workers=1",
        "--SemCache:Model:MaxBatchSize=1",
        "--SemCache:Limits:SearchWait=00:00:50");

    // Enough work for the one worker that what comes behind must wait.
    private static Task[] Crowd(TestServer server) =>
        [.. Enumerable.Range(0, 400).Select(
            i => server.Cache.LookupAsync(Ask.Lookup("a", CopyOfModel.SlowPrompt(i))).ResponseAsync)];

    private static async Task AssertIdleAsync(TestServer server)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                string metrics = (await server.Http.ReadAsync("/metrics")).Text;
                return IsZero(metrics, "semcache_lookups_running") && IsZero(metrics, "semcache_stores_running");
            },
            "nothing running");
        Assert.Equal(Outcome.Miss, (await server.Cache.LookupAsync(Ask.Lookup("a", "Something else"))).Outcome);
    }

    private static bool IsZero(string metrics, string name) => metrics.Split('\n').Any(
        line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains("} 0", StringComparison.Ordinal));
}
