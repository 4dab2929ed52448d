namespace SemCache.Server.Tests.Caching;

/// <summary>A prompt with more tokens than the embedder reads is matched exactly and never by its beginning.</summary>
public sealed class OverWindowTests(SharedServer shared) : ServerTest(shared)
{
    private static readonly string _preamble = string.Join(' ', Enumerable.Repeat("the quick brown fox jumps", 60));

    [Fact]
    public async Task Lookup_OfALongPromptWithASharedBeginning_NeverHits()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, _preamble + " Is it alive?", "yes"));

        LookupResponse miss = await Cache.LookupAsync(Ask.Lookup(Namespace, _preamble + " Is it dead?"));

        Assert.Equal(Outcome.Miss, miss.Outcome);
        Assert.Equal(MissReason.OverWindow, miss.MissReason);
        Assert.False(miss.HasNearestSimilarity);
    }

    [Fact]
    public async Task Lookup_OfTheSameLongPrompt_HitsExactly()
    {
        LookupResponse miss = await Cache.LookupAsync(Ask.Lookup(Namespace, _preamble));
        StoreRequest request = Ask.Store(Namespace, _preamble, "long");
        request.DecisionId = miss.DecisionId;
        await Cache.StoreAsync(request);

        LookupResponse hit = await Cache.LookupAsync(Ask.Lookup(Namespace, _preamble));

        Assert.Equal(MissReason.OverWindow, miss.MissReason);
        Assert.Equal((Outcome.ExactHit, "long"), (hit.Outcome, hit.Response.Text));
    }

    [Fact]
    public async Task Lookup_OfAShortPrompt_IsNeverServedALongOne()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, _preamble, "long"));

        LookupResponse miss = await Cache.LookupAsync(Ask.Lookup(Namespace, "the quick brown fox jumps"));

        Assert.Equal(MissReason.NoCandidate, miss.MissReason);
    }
}
