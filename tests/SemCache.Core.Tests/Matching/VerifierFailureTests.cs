using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Matching;

/// <summary>A verifier that does not answer serves nothing, whatever the namespace allows.</summary>
public sealed class VerifierFailureTests : IDisposable
{
    private const string Asked = "What's the capital of France";
    private const string Stored = "What is the capital of France?";

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _models = new();

    public void Dispose()
    {
        _data.Dispose();
        _models.Dispose();
    }

    [Theory]
    [InlineData("failing", "error")]
    [InlineData("nan", "no_probability")]
    [InlineData("beyond", "no_probability")]
    [InlineData("slow", "timeout")]
    public async Task Lookup_VerifierDoesNotAnswer_MissesAndSaysSo(string verifier, string cause)
    {
        await using TestCache cache = await StartAsync(
            verifier, ("Model:VerifierTimeout", verifier == "slow" ? "00:00:00.001" : "00:01:00"));
        var causes = new ConcurrentQueue<string>();
        using MeterListener listener = cache.Record("semcache.verifier.failures", causes);
        await cache.StoreAsync(Stored, "Paris");

        LookupResult first = await cache.ExplainAsync(Asked);
        LookupResult second = await cache.LookupAsync(Asked);

        Assert.All([first, second], result => Assert.Equal(MissReason.VerifierUnavailable, result.MissReason));
        Assert.Null(first.Entry);
        Assert.Null(first.Probability);
        Assert.Equal(0, first.Bar);
        Assert.Equal(MissReason.VerifierUnavailable, Assert.Single(first.Candidates).RejectedBecause);
        Assert.Equal([cause, cause], causes);
        Assert.Contains(cause, Assert.Single(cache.Logs.At(LogLevel.Error)), StringComparison.Ordinal);
        cache.Time.Advance(TimeSpan.FromMinutes(1));
        await cache.LookupAsync(Asked);
        Assert.Equal(2, cache.Logs.At(LogLevel.Error).Count());
    }

    [Fact]
    public async Task Lookup_SlowVerifierWithinItsTime_IsWaitedFor()
    {
        await using TestCache cache = await StartAsync("slow", ("Model:VerifierTimeout", "00:01:00"));
        await cache.StoreAsync(Stored, "Paris");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal((LookupOutcome.SemanticHit, 1), (result.Outcome, result.Probability));
    }

    [Fact]
    public async Task Lookup_CancelledWhileVerifying_IsCancelledAndNoFailure()
    {
        await using TestCache cache = await StartAsync("slow", ("Model:VerifierTimeout", "00:01:00"));
        await cache.StoreAsync(Stored, "Paris");
        using var cancelling = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.Cache.LookupAsync(
            new LookupQuery { Prompt = Prompt.FromText(Asked) }, cancelling.Token));

        Assert.Equal(cancelling.Token, exception.CancellationToken);
        Assert.Empty(cache.Logs.At(LogLevel.Error));
    }

    [Fact]
    public async Task Lookup_MoreQuestionsThanMayWait_MissAndAreCounted()
    {
        // All ask the same, and each has to be verified.
        await using TestCache cache = await StartAsync(
            "slow",
            ("Model:VerifierTimeout", "00:01:00"),
            ("Model:MaxQueueLength", "1"),
            ("Model:Workers", "1"),
            ("Limits:MaxRecentMatches", "0"));
        var causes = new ConcurrentQueue<string>();
        using MeterListener listener = cache.Record("semcache.verifier.failures", causes);
        await cache.StoreAsync(Stored, "Paris");
        int missed = 0;

        // The encoder's queue is as short and refuses some; what passes it meets the verifier's.
        for (int round = 0; round < 50 && missed == 0; round++)
        {
            Task<LookupResult>[] lookups = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => cache.LookupAsync(Asked)))];
            foreach (Task<LookupResult> lookup in lookups)
            {
                try
                {
                    LookupResult result = await lookup;
                    missed += result.MissReason == MissReason.VerifierUnavailable ? 1 : 0;
                    Assert.True(result.Entry is not null || result.MissReason == MissReason.VerifierUnavailable);
                }
                catch (LimitReachedException)
                {
                    // Refused by the encoder.
                }
            }
        }

        Assert.True(missed > 0);
        Assert.All(causes, cause => Assert.Equal("queue_full", cause));
    }

    [Fact]
    public async Task Dispose_WhileLookupsVerify_EndsThemAll()
    {
        TestCache cache = await StartAsync("slow", ("Model:VerifierTimeout", "00:01:00"));
        await cache.StoreAsync(Stored, "Paris");
        Task<LookupResult>[] lookups = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => cache.ExplainAsync(Asked)))];
        await Task.Delay(20, TestContext.Current.CancellationToken);

        await cache.DisposeAsync();

        foreach (Task<LookupResult> lookup in lookups)
        {
            try
            {
                LookupResult result = await lookup;
                Assert.True(result.Entry is not null || result.MissReason == MissReason.VerifierUnavailable);
            }
            catch (Exception exception) when (exception is CacheUnavailableException or LimitReachedException)
            {
                // Came after the stop.
            }
        }
    }

    // Every error is allowed: a probability of 0 would do, but none does not.
    private Task<TestCache> StartAsync(string verifier, params (string Key, string Value)[] options) => TestCache.StartAsync(
        _data.Path,
        null,
        [
            .. options,
            ("NamespaceDefaults:MaxErrorRate", "1"),
            ("Model:Path", TestModels.WithVerifier(Path.Combine(_models.Path, "model"), verifier)),
        ]);
}
