using System.Net;
using Google.Rpc;

namespace SemCache.Server.Tests.Refusals;

/// <summary>More than can be served, on real sockets: a guard keeps the only search there may be.</summary>
public sealed class OverloadTests : IDisposable
{
    private const string Stored = "How do I reset my password?";
    private const string Asked = "how do I reset my password";
    private const string AskedAlone = "how can I reset my password";

    private readonly BlockingGuard _guard = new();

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Lookup_BeyondWhatCanBeServed_IsRefusedAtOnceWithATimeToRetry()
    {
        await using TestServer server = await StartAsync("00:00:00.001");
        await server.Cache.StoreAsync(Ask.Store("a", Stored, "Click."));
        Task<LookupResponse> running = LookupAsync(server, "a", Asked);
        await _guard.NextAsync();
        // By what the store has taken, only few may wait.
        List<Task<LookupResponse>> crowd = [.. Enumerable.Range(0, 400).Select(_ => LookupAsync(server, "a", Asked))];
        Task<LookupResponse>[] all = [.. crowd];
        var refused = new List<RpcException>();
        while (refused.Count < 10)
        {
            Task<LookupResponse> done = await Task.WhenAny(crowd).WaitAsync(TimeSpan.FromSeconds(30));
            crowd.Remove(done);
            refused.Add(await Assert.ThrowsAsync<RpcException>(() => done));
        }

        Fixtures.Json.Answer json = await server.Http.PostAsync(
            "/v1/lookup", $$"""{ "namespace": "a", "prompt": { "text": "{{Asked}}" } }""");
        Assert.Contains(
            "retryDelay", json.Failed(HttpStatusCode.TooManyRequests).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(Outcome.ExactHit, (await LookupAsync(server, "a", Stored)).Outcome);
        _guard.Let(1000);
        Assert.Equal(Outcome.SemanticHit, (await running).Outcome);
        await Task.WhenAll(all).ContinueWith(_ => { }, TaskScheduler.Default);
        refused.AddRange(crowd.Where(call => call.IsFaulted).Select(call => (RpcException)call.Exception!.InnerException!));
        Assert.All(refused, exception =>
        {
            Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
            Assert.Contains("SemCache:Limits:SearchWait", exception.Status.Detail, StringComparison.Ordinal);
            Assert.True(exception.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        });
    }

    [Fact]
    public async Task Lookup_WhoseDeadlinePassesBeforeItsTurn_IsNeverWorkedOn()
    {
        await using TestServer server = await StartAsync("00:00:50");
        await server.Cache.StoreAsync(Ask.Store("a", Stored, "Click."));
        Task<LookupResponse> running = LookupAsync(server, "a", Asked);
        await _guard.NextAsync();

        RpcException late = await Assert.ThrowsAsync<RpcException>(async () => await server.Cache.LookupAsync(
            Ask.Lookup("a", AskedAlone), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200)));
        await WaitForAsync(server, 0);
        Task<LookupResponse> next = LookupAsync(server, "a", Asked);
        _guard.Let(2);

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await Task.WhenAll(running, next);
        Assert.Equal(Asked, await _guard.NextAsync());
    }

    [Fact]
    public async Task Lookup_BesideAGiantStreamOfAnotherNamespace_GoesFirst()
    {
        await using TestServer server = await StartAsync("00:00:50");
        await server.Cache.StoreAsync(Ask.Store("bulk", Stored, "Click."));
        await server.Cache.StoreAsync(Ask.Store("alone", Stored, "Click."));
        using var ended = new CancellationTokenSource();
        using var stream = server.Cache.LookupMany(cancellationToken: ended.Token);
        Task sending = SendAsync(stream.RequestStream, 20_000, ended.Token);
        Task receiving = stream.ResponseStream.ReadToEndAsync();
        Assert.Equal(Asked, await _guard.NextAsync());
        // A stream has 64 in work, of which one has its turn.
        await WaitForAsync(server, 63);
        Task<LookupResponse>[] single = [.. Enumerable.Range(0, 20).Select(_ => LookupAsync(server, "alone", AskedAlone))];
        await WaitForAsync(server, 83);

        var order = new List<string>();
        while (order.Count(text => text == AskedAlone) < single.Length)
        {
            _guard.Let(1);
            order.Add(await _guard.NextAsync());
        }

        _guard.Let(1);
        await Task.WhenAll(single);
        // The stream goes on all the while, with one turn of eight.
        Assert.Equal(single.Length / 7, order.Count(text => text == Asked));
        await ended.CancelAsync();
        _guard.Let(100);
        await Record.ExceptionAsync(() => sending);
        await Record.ExceptionAsync(() => receiving);
    }

    [Fact]
    public async Task Lookup_OfAnIdleNamespace_GoesBeforeTheBacklogOfABusyOne()
    {
        await using TestServer server = await StartAsync("00:00:50");
        await server.Cache.StoreAsync(Ask.Store("busy", Stored, "Click."));
        await server.Cache.StoreAsync(Ask.Store("idle", Stored, "Click."));
        Task<LookupResponse>[] busy = [.. Enumerable.Range(0, 50).Select(_ => LookupAsync(server, "busy", Asked))];
        await _guard.NextAsync();
        await WaitForAsync(server, 49);
        Task<LookupResponse> idle = LookupAsync(server, "idle", AskedAlone);
        await WaitForAsync(server, 50);

        _guard.Let(2);
        string[] next = [await _guard.NextAsync(), await _guard.NextAsync()];
        _guard.Let(100);
        await Task.WhenAll([idle, .. busy]);

        Assert.Contains(AskedAlone, next);
    }

    [Fact]
    public async Task LookupMany_WhoseClientDoesNotRead_HoldsAWindowAndKeepsNobodyElse()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Cache.StoreAsync(Ask.Store("slow", Stored, new string('x', 200_000)));
        await server.Cache.StoreAsync(Ask.Store("quick", Stored, "Click."));
        using var ended = new CancellationTokenSource();
        using var stream = server.Cache.LookupMany(cancellationToken: ended.Token);
        Task sending = SendAsync(stream.RequestStream, 5000, ended.Token, Stored, "slow");
        await Eventually.TrueAsync(async () => await LookupsAsync(server) >= 64, "the stream's window to be full");

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(Outcome.ExactHit, (await LookupAsync(server, "quick", Stored)).Outcome);
        }

        // 64 in work, and what the connection's windows and buffers take of the answers.
        Assert.InRange(await LookupsAsync(server), 64, 200);
        await ended.CancelAsync();
        await Record.ExceptionAsync(() => sending);
        await Eventually.TrueAsync(async () => (await LookupAsync(server, "slow", Stored)).Outcome == Outcome.ExactHit, "the slow one to be served on");

        async Task<long> LookupsAsync(TestServer asked) =>
            (await asked.Admin.GetStatsAsync(new() { Namespace = "slow" })).Namespaces.Single().Lookups;
    }

    private static Task<LookupResponse> LookupAsync(TestServer server, string ns, string text) =>
        server.Cache.LookupAsync(Ask.Lookup(ns, text)).ResponseAsync;

    private static Task WaitForAsync(TestServer server, long waiting) => Eventually.TrueAsync(
        () => Task.FromResult(server.Read("semcache.turns.waiting") == waiting), $"{waiting} to wait for their turn");

    private static async Task SendAsync(
        IClientStreamWriter<LookupManyRequest> stream,
        int items,
        CancellationToken cancellationToken,
        string text = Asked,
        string ns = "bulk")
    {
        for (int i = 0; i < items; i++)
        {
            await stream.WriteAsync(new LookupManyRequest { Lookup = Ask.Lookup(ns, text) }, cancellationToken);
        }
    }

    private Task<TestServer> StartAsync(string searchWait) => TestServer.StartGuardedAsync(
        [_guard],
        "--SemCache:Limits:MaxConcurrentSearches=1",
        "--SemCache:Limits:MaxRecentMatches=0",
        $"--SemCache:Limits:SearchWait={searchWait}",
        "--SemCache:NamespaceDefaults:Threshold=0.5");
}
