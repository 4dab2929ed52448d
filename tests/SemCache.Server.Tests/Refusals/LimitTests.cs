using Google.Rpc;

namespace SemCache.Server.Tests.Refusals;

/// <summary>Limits on what a server may hold and do at a time.</summary>
public sealed class LimitTests
{
    private const string Option = "--SemCache:Limits:";

    [Fact]
    public async Task Store_BeyondTheLargestNumberOfNamespaces_IsRefusedAndTheOthersServed()
    {
        await using TestServer server = await TestServer.StartAsync(Option + "MaxNamespaces=2");
        await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."));
        await server.Cache.StoreAsync(Ask.Store("b", "Why?", "Because."));

        RetryInfo? store = await Refusal.AssertExhaustedAsync(
            async () => await server.Cache.StoreAsync(Ask.Store("c", "Why?", "Because.")), "MaxNamespaces");
        LookupResponse lookup = await server.Cache.LookupAsync(Ask.Lookup("c", "Why?"));

        Assert.Null(store);
        Assert.Equal(Outcome.Miss, lookup.Outcome);
        Assert.Equal(Outcome.ExactHit, (await server.Cache.LookupAsync(Ask.Lookup("a", "Why?"))).Outcome);
        Assert.NotEmpty((await server.Cache.StoreAsync(Ask.Store("b", "Why?", "Because."))).EntryId);
    }

    [Fact]
    public async Task Store_BeyondTheLargestNumberOfPartitions_IsRefusedUntilOneIsEmpty()
    {
        await using TestServer server = await TestServer.StartAsync(Option + "MaxPartitions=2");
        StoreRequest third = Ask.Store("a", "Why?", "Because.").InScope(("user", "3"));
        await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because.").InScope(("user", "1")));
        await server.Cache.StoreAsync(Ask.Store("b", "Why?", "Because."));

        RetryInfo? refused = await Refusal.AssertExhaustedAsync(
            async () => await server.Cache.StoreAsync(third), "MaxPartitions");
        await server.Cache.LookupAsync(Ask.Lookup("a", "Why?").InScope(("user", "3")));
        await server.Cache.InvalidateAsync(new() { Namespace = "b", EntireNamespace = true });

        Assert.Null(refused);
        Assert.NotEmpty((await server.Cache.StoreAsync(third)).EntryId);
    }

    [Fact]
    public async Task Lookup_WhenAsManyRunAsAllowed_IsRefusedWithATimeToRetry()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(
            $"--SemCache:Model:Path={await CopyOfModel.SlowAsync(folder)}", Option + "MaxConcurrentLookups=1");

        await AssertCrowdedAsync(
            i => server.Cache.LookupAsync(Ask.Lookup("a", CopyOfModel.SlowPrompt(i))).ResponseAsync, "MaxConcurrentLookups");

        Assert.Equal(Outcome.Miss, (await server.Cache.LookupAsync(Ask.Lookup("a", "Why?"))).Outcome);
    }

    [Fact]
    public async Task Store_WhenAsManyRunAsAllowed_IsRefusedWithATimeToRetry()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(
            $"--SemCache:Model:Path={await CopyOfModel.SlowAsync(folder)}", Option + "MaxConcurrentStores=1");

        await AssertCrowdedAsync(
            i => server.Cache.StoreAsync(Ask.Store("a", CopyOfModel.SlowPrompt(i), "Because.")).ResponseAsync,
            "MaxConcurrentStores");

        Assert.NotEmpty((await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."))).EntryId);
    }

    [Fact]
    public async Task Lookup_WhenAsManyPromptsWaitForTheModelAsAllowed_IsRefusedWithATimeToRetry()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(
            $"--SemCache:Model:Path={await CopyOfModel.SlowAsync(folder)}",
            "--SemCache:Model:MaxQueueLength=1",
            "--SemCache:Model:Workers=1",
            "--SemCache:Model:MaxBatchSize=1",
            Option + "MaxConcurrentSearches=100");

        await AssertCrowdedAsync(
            i => server.Cache.LookupAsync(Ask.Lookup("a", CopyOfModel.SlowPrompt(i))).ResponseAsync, "MaxQueueLength");

        Assert.Equal(Outcome.Miss, (await server.Cache.LookupAsync(Ask.Lookup("a", "Why?"))).Outcome);
    }

    [Fact]
    public async Task LookupMany_WhenAsManyStreamsAreOpenAsAllowed_IsRefusedWithATimeToRetry()
    {
        await using TestServer server = await TestServer.StartAsync(Option + "MaxConcurrentStreams=1");
        using var open = server.Cache.LookupMany();
        await open.RequestStream.WriteAsync(new() { Lookup = Ask.Lookup("a", "Why?") });
        Assert.True(await open.ResponseStream.MoveNext(CancellationToken.None));

        using var another = server.Cache.LookupMany();
        RetryInfo? refused = await Refusal.AssertExhaustedAsync(
            () => another.ResponseStream.MoveNext(CancellationToken.None), "MaxConcurrentStreams");
        await open.RequestStream.CompleteAsync();
        Assert.False(await open.ResponseStream.MoveNext(CancellationToken.None));

        Assert.True(refused!.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        using var next = server.Cache.LookupMany();
        await next.RequestStream.CompleteAsync();
        Assert.False(await next.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task Store_BeyondTheTransportsLimit_IsRefusedAndTheConnectionServesOn()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Cache.StoreAsync(Ask.Store("a", "Why?", new string('x', 32 << 20))));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.NotEmpty((await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."))).EntryId);
    }

    // A crowd that happens to come one by one proves nothing; then another one is sent.
    private static async Task AssertCrowdedAsync<T>(Func<int, Task<T>> call, string option)
    {
        int letIn = 0;
        var refused = new List<RpcException>();
        await Eventually.TrueAsync(
            async () =>
            {
                Task<T>[] calls = [.. Enumerable.Range(0, 100).Select(call)];
                await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);
                letIn += calls.Count(done => done.IsCompletedSuccessfully);
                refused.AddRange(calls.Where(done => done.IsFaulted).Select(
                    done => Assert.IsType<RpcException>(done.Exception!.InnerException)));
                return letIn > 0 && refused.Count > 0;
            },
            "a crowd of which some are refused and some are not");

        Assert.All(refused, exception => Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode));
        Assert.All(refused, exception => Assert.Contains(option, exception.Status.Detail, StringComparison.Ordinal));
        Assert.All(refused, exception => Assert.True(
            exception.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.Zero));
    }
}
