using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests;

/// <summary>More lookups than can be served: a guard keeps the only search there may be.</summary>
public sealed class OverloadTests : IDisposable
{
    private const string Stored = "How do I reset my password?";
    private const string Asked = "how do I reset my password";

    private readonly TemporaryFolder _folder = new();
    private readonly BlockingGuard _guard = new();

    public void Dispose()
    {
        _guard.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lookup_OfAnExactOrARecentMatch_NeedsNoTurn()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Click.");
        _guard.Let(1);
        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync(Asked)).Outcome);
        await _guard.SearchAsync();
        Task<LookupResult> running = Task.Run(() => cache.LookupAsync(Asked + "!"));
        await _guard.SearchAsync();

        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync(Stored)).Outcome);
        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync(Asked)).Outcome);
        _guard.Let(1);
        Assert.Equal(LookupOutcome.SemanticHit, (await running).Outcome);
    }

    [Fact]
    public async Task Lookup_OfAnotherNamespace_GoesBeforeTheBacklogOfABusyOne()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Click.", "busy");
        await cache.StoreAsync(Stored, "Click.", "idle");
        Task<LookupResult> running = Task.Run(() => cache.LookupAsync(Asked, "busy"));
        await _guard.SearchAsync();
        var ended = new ConcurrentQueue<string>();
        Task[] busy = [.. Enumerable.Range(0, 20).Select(_ => NoteAsync(cache, Asked, "busy", ended))];
        Task idle = NoteAsync(cache, Asked, "idle", ended);

        _guard.Let(3);
        await idle;
        Assert.InRange(ended.Count, 1, 2);
        _guard.Let(100);
        await Task.WhenAll([running, .. busy]);
        Assert.Equal(21, ended.Count);
    }

    [Fact]
    public async Task Lookup_BesideManyNamespacesThatHoldNothing_WaitsForOneOfThemOnly()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Click.", "known");
        Task<LookupResult> running = Task.Run(() => cache.LookupAsync(Asked, "known"));
        await _guard.SearchAsync();
        int served = 0;
        Task[] unknown = [.. Enumerable.Range(0, 20).Select(i => MissAsync($"unknown{i}"))];
        Task<LookupResult> known = cache.LookupAsync(Asked + "!", "known");

        _guard.Let(1);
        await _guard.SearchAsync();
        // Who is in the guard has the only turn.
        Assert.InRange(Volatile.Read(ref served), 0, 1);
        _guard.Let(1);
        await Task.WhenAll([running, known, .. unknown]);
        Assert.Equal(20, served);

        async Task MissAsync(string ns)
        {
            Assert.Equal(LookupOutcome.Miss, (await cache.LookupAsync(Asked, ns)).Outcome);
            Interlocked.Increment(ref served);
        }
    }

    // What was thrown has a trace.
    [Fact]
    public async Task Lookup_ThatIsRefused_IsThrownByNobody()
    {
        await using TestCache cache = await StartAsync(options: ("Limits:MaxConcurrentLookups", "4"));
        await cache.StoreAsync(Stored, "Click.");
        Task<LookupResult> running = Task.Run(() => cache.LookupAsync(Asked));
        await _guard.SearchAsync();
        Task<LookupResult>[] waiting = [cache.LookupAsync(Asked), cache.LookupAsync(Asked)];

        Task<LookupResult> refused = cache.LookupAsync(Asked);
        Assert.True(refused.IsFaulted);
        Assert.Null(Assert.IsType<LimitReachedException>(refused.Exception.InnerException).StackTrace);
        _guard.Let(3);
        await Task.WhenAll([running, .. waiting]);
    }

    [Fact]
    public async Task Lookup_OfAStream_LeavesTheThreadThatSendsTheNext()
    {
        await using TestCache cache = await StartAsync(searches: "2");
        await cache.StoreAsync(Stored, "Click.");
        var item = new LookupQuery { Prompt = Prompt.FromText(Asked), IsBulk = true };
        Task<LookupResult>[] items = await Task.Run(
            () => (Task<LookupResult>[])[cache.Cache.LookupAsync(item), cache.Cache.LookupAsync(item)]);
        await _guard.SearchAsync();
        await _guard.SearchAsync();

        _guard.Let(2);
        Assert.All(await Task.WhenAll(items), result => Assert.Equal(LookupOutcome.SemanticHit, result.Outcome));
    }

    [Fact]
    public async Task Lookup_WhoseDeadlineHasPassed_IsNotWorkedOn()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Click.");
        Task<LookupResult> running = Task.Run(() => cache.LookupAsync(Asked));
        await _guard.SearchAsync();
        Task<LookupResult> late = AskUntilAsync(cache, cache.Time.GetUtcNow() + TimeSpan.FromMilliseconds(5));
        cache.Time.Advance(TimeSpan.FromMilliseconds(5));
        // One turn only: were the late one worked on, it would wait in the guard.
        _guard.Let(1);
        await running;

        await Assert.ThrowsAsync<TimeoutException>(() => late);
        await Assert.ThrowsAsync<TimeoutException>(() => AskUntilAsync(cache, cache.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Store_WhileAnotherNamespaceFloods_HasAPlace()
    {
        await using TestCache cache = await StartAsync(options: ("Limits:MaxConcurrentStores", "4"));
        await cache.StoreAsync(Stored, "Click.", "busy");
        await cache.StoreAsync(Stored, "Click.", "idle");
        Task<LookupResult> running = Task.Run(() => cache.LookupAsync(Asked, "busy"));
        await _guard.SearchAsync();
        // They wait for the turn that the lookup has.
        Task<Guid>[] flood = [.. Enumerable.Range(0, 2).Select(i => cache.StoreAsync($"What is {i}?", "That.", "busy"))];

        LimitReachedException refused = await Assert.ThrowsAsync<LimitReachedException>(
            () => cache.StoreAsync("What else?", "That.", "busy"));
        Task<Guid> idle = cache.StoreAsync("What else?", "That.", "idle");
        Assert.Contains("MaxConcurrentStores", refused.Message, StringComparison.Ordinal);
        Assert.False(idle.IsCompleted);
        _guard.Let(1);
        await Task.WhenAll([running, idle, .. flood]);
        await cache.StoreAsync("What else?", "That.", "busy");
    }

    private static Task<LookupResult> AskUntilAsync(TestCache cache, DateTimeOffset deadline) => cache.Cache.LookupAsync(
        new LookupQuery { Prompt = Prompt.FromText(Asked + "!"), Deadline = deadline });

    private static async Task NoteAsync(TestCache cache, string text, string ns, ConcurrentQueue<string> ended)
    {
        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync(text, ns)).Outcome);
        ended.Enqueue(ns);
    }

    private Task<TestCache> StartAsync(string searches = "1", params (string, string)[] options) => TestCache.StartGuardedAsync(
        _folder.Path,
        [_guard],
        [("Limits:MaxConcurrentSearches", searches), ("NamespaceDefaults:Threshold", "0.5"), .. options]);
}
