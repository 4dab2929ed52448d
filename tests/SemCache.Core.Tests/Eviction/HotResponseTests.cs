using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Eviction;

/// <summary>Responses at hand, of a whole cache.</summary>
public sealed class HotResponseTests : IDisposable
{
    private const string Question = "What is the capital of France?";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lookup_OfWhatWasServedBefore_ReadsNothingFromTheLog()
    {
        await using TestCache cache = await RestartedAsync();
        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync(Question)).Outcome);
        DestroyLog();
        LookupResult again = await cache.LookupAsync(Question);
        Assert.Equal("Paris", again.Entry!.Response.Text);
        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync("What's the capital of France")).Outcome);
    }

    [Fact]
    public async Task Lookup_WithoutAShareForHotResponses_ReadsTheLogEveryTime()
    {
        await using TestCache cache = await RestartedAsync(("Storage:HotResponseShare", "0"));
        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync(Question)).Outcome);
        DestroyLog();
        Assert.Equal(LookupOutcome.Miss, (await cache.LookupAsync(Question)).Outcome);
    }

    [Fact]
    public async Task Lookup_WhoseCandidatesAreOnlyCompared_KeepsNoneOfThem()
    {
        await using TestCache cache = await RestartedAsync();
        LookupResult miss = await cache.ExplainAsync("What is the capital of Germany?");
        Assert.Equal(LookupOutcome.Miss, miss.Outcome);
        Assert.NotEmpty(miss.Candidates);
        DestroyLog();
        Assert.Equal(LookupOutcome.Miss, (await cache.LookupAsync(Question)).Outcome);
    }

    [Fact]
    public async Task Lookup_AfterAnInvalidationOfWhatWasServed_Misses()
    {
        await using TestCache cache = await RestartedAsync();
        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync(Question)).Outcome);
        long memory = cache.Cache.BudgetStats.Memory;
        await cache.Cache.InvalidateAsync(new InvalidateFilter { Prompt = Prompt.FromText(Question) });
        Assert.Equal(LookupOutcome.Miss, (await cache.LookupAsync(Question)).Outcome);
        Assert.True(cache.Cache.BudgetStats.Memory < memory);
    }

    // After a restart no record is in the memory of the log.
    private async Task<TestCache> RestartedAsync(params (string Key, string Value)[] options)
    {
        await using (TestCache cache = await TestCache.StartAsync(_folder.Path))
        {
            await cache.StoreAsync(Question, "Paris");
        }

        return await TestCache.StartAsync(_folder.Path, null, options);
    }

    private void DestroyLog()
    {
        using FileStream segment = File.Open(_folder.FirstSegment, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        segment.Write(new byte[8192]);
    }
}
