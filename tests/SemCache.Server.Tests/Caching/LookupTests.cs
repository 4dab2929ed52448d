using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Caching;

/// <summary>Lookup and Store: the three outcomes, and every field of their answers.</summary>
public sealed class LookupTests(SharedServer shared) : ServerTest(shared)
{
    private const string Question = "What is the capital of France?";
    private const string Paraphrase = "What's the capital of France";
    private const string Unrelated = "How do I boil an egg?";

    [Fact]
    public async Task Lookup_OfNothingStored_MissesForWantOfCandidates()
    {
        LookupResponse miss = await Cache.LookupAsync(Ask.Lookup(Namespace, Question));

        Assert.Equal(Outcome.Miss, miss.Outcome);
        Assert.Equal(MissReason.NoCandidate, miss.MissReason);
        Assert.Equal(32, miss.DecisionId.Length);
        Assert.Equal(Ask.DefaultThreshold, miss.Threshold);
        Assert.False(miss.HasNearestSimilarity);
        Assert.False(miss.HasSimilarity);
        Assert.Empty(miss.EntryId);
        Assert.Null(miss.Response);
        Assert.Null(miss.Prompt);
        Assert.Null(miss.Age);
        Assert.Null(miss.Usage);
        Assert.Null(miss.Saved);
        Assert.Empty(miss.Tags);
        Assert.Empty(miss.Candidates);
    }

    [Fact]
    public async Task Lookup_OfTheStoredPrompt_HitsExactlyWithEverythingThatWasStored()
    {
        StoreRequest request = Complete();
        LookupResponse miss = await Cache.LookupAsync(Ask.Lookup(Namespace, Question));
        request.DecisionId = miss.DecisionId;
        StoreResponse stored = await Cache.StoreAsync(request);

        LookupResponse hit = await Cache.LookupAsync(Ask.Lookup(Namespace, Question));

        Assert.Equal(NotAdmittedReason.Unspecified, stored.NotAdmitted);
        Assert.Empty(stored.Message);
        Assert.Equal(Outcome.ExactHit, hit.Outcome);
        Assert.Equal(1, hit.Similarity);
        Assert.NotEqual(miss.DecisionId, hit.DecisionId);
        AssertServes(request, stored, hit);
    }

    [Fact]
    public async Task Lookup_OfTheSameMeaning_HitsSemanticallyWithEverythingThatWasStored()
    {
        StoreRequest request = Complete();
        StoreResponse stored = await Cache.StoreAsync(request);

        LookupResponse hit = await Cache.LookupAsync(Ask.Lookup(Namespace, Paraphrase));

        Assert.Equal(Outcome.SemanticHit, hit.Outcome);
        Assert.InRange(hit.Similarity, Ask.DefaultThreshold, 0.999999);
        AssertServes(request, stored, hit);
    }

    [Fact]
    public async Task Lookup_OfAnotherMeaning_MissesAndTellsTheNearestSimilarity()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris"));

        LookupResponse miss = await Cache.LookupAsync(Ask.Lookup(Namespace, Unrelated));

        Assert.Equal(Outcome.Miss, miss.Outcome);
        Assert.Equal(MissReason.BelowThreshold, miss.MissReason);
        Assert.InRange(miss.NearestSimilarity, -1, Ask.DefaultThreshold);
        Assert.Null(miss.Response);
    }

    [Fact]
    public async Task Lookup_WithStricterThreshold_MissesWhatTheDefaultServes()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris"));
        double similarity = (await Cache.LookupAsync(Ask.Lookup(Namespace, Paraphrase))).Similarity;
        LookupRequest strict = Ask.Lookup(Namespace, Paraphrase);
        strict.Threshold = (similarity + 1) / 2;

        LookupResponse miss = await Cache.LookupAsync(strict);

        Assert.Equal(MissReason.BelowThreshold, miss.MissReason);
        Assert.Equal(strict.Threshold, miss.Threshold);
        Assert.Equal(similarity, miss.NearestSimilarity, 6);
    }

    [Fact]
    public async Task Lookup_OfAPromptThatDiffersInWhiteSpaceLineEndingsOrComposition_HitsExactly()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "Où est\nle café ?", "Au coin."));

        LookupResponse hit = await Cache.LookupAsync(
            Ask.Lookup(Namespace, "  Ou\u0300 est\r\nle cafe\u0301 ?\t\n"));

        Assert.Equal(Outcome.ExactHit, hit.Outcome);
        Assert.Equal("Où est\nle café ?", hit.Prompt.Text);
    }

    [Fact]
    public async Task Lookup_WithoutNamespace_LooksInTheDefaultOne()
    {
        string prompt = $"A prompt of its own: {Namespace}";
        StoreResponse stored = await Cache.StoreAsync(Ask.Store("", prompt, "in default"));

        LookupResponse hit = await Cache.LookupAsync(Ask.Lookup("default", prompt));

        Assert.Equal(stored.EntryId, hit.EntryId);
    }

    private StoreRequest Complete()
    {
        StoreRequest request = Ask.Store(Namespace, Question, "Paris.\r\n").Tagged("geo", "europe", "geo");
        request.Response.ContentType = "text/markdown";
        request.Usage = new Usage
        {
            Model = "gpt-x",
            PromptTokens = 12,
            CompletionTokens = 34,
            Cost = 0.0125,
            Latency = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1234.5)),
            TimeToFirstToken = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(200)),
            FinishReason = "stop",
        };
        return request;
    }

    private static void AssertServes(StoreRequest request, StoreResponse stored, LookupResponse hit)
    {
        Assert.Equal(stored.EntryId, hit.EntryId);
        Assert.Equal(request.Prompt, hit.Prompt);
        Assert.Equal(request.Response, hit.Response);
        Assert.Equal(request.Usage, hit.Usage);
        Assert.Equal(["europe", "geo"], hit.Tags.Order());
        Assert.Equal(46, hit.Saved.Tokens);
        Assert.Equal(0.0125, hit.Saved.Cost);
        Assert.Equal(request.Usage.Latency, hit.Saved.Time);
        Assert.InRange(hit.Age.ToTimeSpan(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(Ask.DefaultThreshold, hit.Threshold);
        Assert.Equal(MissReason.Unspecified, hit.MissReason);
        Assert.False(hit.HasNearestSimilarity);
        Assert.Empty(hit.Candidates);
    }
}
