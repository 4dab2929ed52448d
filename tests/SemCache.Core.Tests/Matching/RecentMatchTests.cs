using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CsCheck;
using SemCache.Core.Indexing;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Matching;

/// <summary>Asking in the same words again: no search, and the same answer as a search would give.</summary>
public sealed class RecentMatchTests : IDisposable
{
    private const string Stored = "What is the capital of France?";
    private const string Nearer = "What's the capital of France?";
    private const string Asked = "What's the capital of France";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lookup_InTheSameWordsAgain_IsAnsweredWithoutSearch()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Paris");
        LookupResult first = await cache.LookupAsync(Asked);
        var stages = new ConcurrentQueue<string>();
        using MeterListener listener = cache.Record("semcache.stage.duration", stages);

        LookupResult again = await cache.LookupAsync(Asked);

        Assert.DoesNotContain(stages, stage => stage is "search" or "embed");
        Assert.Contains("recent", stages);
        Assert.Equal(LookupOutcome.SemanticHit, first.Outcome);
        Assert.Equal(Facts(first), Facts(again));
        Assert.NotEqual(first.DecisionId, again.DecisionId);
    }

    [Fact]
    public async Task Lookup_OtherEntriesWereAdded_StillNeedsNoSearch()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Paris");
        await cache.LookupAsync(Asked);
        await cache.StoreAsync("How do I bake bread?", "Slowly");
        var stages = new ConcurrentQueue<string>();
        using MeterListener listener = cache.Record("semcache.stage.duration", stages);

        await cache.LookupAsync(Asked);

        Assert.DoesNotContain(stages, stage => stage is "search" or "embed");
        Assert.Contains("recent", stages);
    }

    [Theory]
    [InlineData(Nearer)]
    [InlineData(Stored)]
    public async Task Lookup_ANearerEntryOrAReplacementWasStored_IsServedThatOne(string later)
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "former");
        await cache.LookupAsync(Asked);
        await cache.StoreAsync(later, "present");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal("present", result.Entry!.Response.Text);
    }

    [Fact]
    public async Task Lookup_TheEntryWasInvalidated_Misses()
    {
        await using TestCache cache = await StartAsync();
        Guid id = await cache.StoreAsync(Stored, "Paris");
        await cache.LookupAsync(Asked);
        await cache.Cache.InvalidateAsync(new InvalidateFilter { EntryIds = [id] });

        Assert.Equal(LookupOutcome.Miss, (await cache.LookupAsync(Asked)).Outcome);
    }

    [Fact]
    public async Task Lookup_TheEntryExpired_Misses()
    {
        await using TestCache cache = await StartAsync(("NamespaceDefaults:Ttl", "01:00:00"));
        await cache.StoreAsync(Stored, "Paris");
        await cache.LookupAsync(Asked);
        cache.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(LookupOutcome.Miss, (await cache.LookupAsync(Asked)).Outcome);
    }

    [Fact]
    public async Task Lookup_TooOldForTheSecondQuery_Misses()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Paris");
        await cache.LookupAsync(Asked);
        cache.Time.Advance(TimeSpan.FromHours(2));

        LookupResult result = await cache.Cache.LookupAsync(
            new LookupQuery { Prompt = Prompt.FromText(Asked), MaxAge = TimeSpan.FromHours(1) });

        Assert.Equal(MissReason.TooOld, result.MissReason);
    }

    [Fact]
    public async Task Lookup_NearerOneWasTooOldForTheFirstQuery_IsServedToTheSecond()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Nearer, "nearer");
        cache.Time.Advance(TimeSpan.FromHours(2));
        await cache.StoreAsync(Stored, "younger");
        await cache.Cache.LookupAsync(
            new LookupQuery { Prompt = Prompt.FromText(Asked), MaxAge = TimeSpan.FromHours(1) });

        Assert.Equal("nearer", (await cache.LookupAsync(Asked)).Entry!.Response.Text);
    }

    [Fact]
    public async Task Lookup_WithAHigherThreshold_IsJudgedAnew()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Paris");
        await cache.LookupAsync(Asked);

        LookupResult result = await cache.Cache.LookupAsync(
            new LookupQuery { Prompt = Prompt.FromText(Asked), Threshold = 0.9999 });

        Assert.Equal(MissReason.BelowThreshold, result.MissReason);
    }

    [Fact]
    public async Task Lookup_TheOptionsHaveChanged_IsJudgedAnew()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Paris");
        await cache.LookupAsync(Asked);
        cache.Configuration["SemCache:NamespaceDefaults:Threshold"] = "0.9999";
        cache.Configuration.Reload();

        Assert.Equal(MissReason.BelowThreshold, (await cache.LookupAsync(Asked)).MissReason);
    }

    [Fact]
    public async Task Lookup_InAnotherScope_IsNotServedThisOnes()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Paris");
        await cache.LookupAsync(Asked);
        await cache.StoreAsync(Stored, "Paris, Texas", scope: ("user", "b"));

        Assert.Equal("Paris, Texas", (await cache.LookupAsync(Asked, scope: ("user", "b"))).Entry!.Response.Text);
        Assert.Equal("Paris", (await cache.LookupAsync(Asked)).Entry!.Response.Text);
    }

    [Fact]
    public async Task Lookup_ThatReportsCandidates_Searches()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Stored, "Paris");
        await cache.LookupAsync(Asked);

        Assert.Single((await cache.ExplainAsync(Asked)).Candidates);
    }

    [Fact]
    public async Task Lookup_MoreWasAddedThanIsRemembered_IsStillRight()
    {
        await using TestCache cache = await StartAsync(("Storage:Durability", "None"));
        await cache.StoreAsync(Stored, "former");
        await cache.LookupAsync(Asked);
        await cache.StoreAsync(Nearer, "present");
        for (int i = 0; i < RecentSlots.Capacity; i++)
        {
            await cache.StoreAsync($"Where is house number {i}?", "There");
        }

        Assert.Equal("present", (await cache.LookupAsync(Asked)).Entry!.Response.Text);
    }

    // Whatever is stored, removed and asked in whatever order: as one that keeps no matches answers.
    [Fact]
    public async Task Lookup_AnyOrderOfStoresAndRemovals_AnswersAsASearchDoes()
    {
        string[] texts =
        [
            Stored, Nearer, Asked, "Name the capital of France", "Please, what is the capital of France?",
            "How do I reset my password?", "how can I reset my password", "How to reset my password?",
        ];
        (string, string)[] options =
            [("NamespaceDefaults:Threshold", "0.8"), ("Storage:Durability", "None")];
        using var other = new TemporaryFolder();
        await using TestCache cache = await StartAsync(options);
        await using TestCache plain = await TestCache.StartAsync(
            other.Path, cache.Time, [.. options, ("Limits:MaxRecentMatches", "0")]);
        TestCache[] both = [cache, plain];
        int namespaces = 0;
        int responses = 0;
        await Gen.Select(Gen.Int[0, 9], Gen.Int[0, texts.Length - 1]).List[20, 60].SampleAsync(
            async steps =>
            {
                string ns = $"n{++namespaces}";
                foreach ((int kind, int at) in steps)
                {
                    if (kind < 2)
                    {
                        string response = $"Response {++responses}";
                        foreach (TestCache each in both)
                        {
                            await each.StoreAsync(texts[at], response, ns);
                        }
                    }
                    else if (kind == 2)
                    {
                        foreach (TestCache each in both)
                        {
                            await each.Cache.InvalidateAsync(
                                new InvalidateFilter { Namespace = ns, Prompt = Prompt.FromText(texts[at]) });
                        }
                    }
                    else
                    {
                        LookupResult kept = await cache.LookupAsync(texts[at], ns);
                        LookupResult searched = await plain.LookupAsync(texts[at], ns);
                        Assert.Equal(Facts(searched), Facts(kept));
                    }
                }
            },
            iter: 30,
            threads: 1);
    }

    private static object Facts(LookupResult result) => (
        result.Outcome,
        Math.Round(result.Similarity, 5),
        result.Probability,
        result.MissReason,
        result.Threshold,
        result.Entry?.Prompt.Text,
        result.Entry?.Response.Text);

    private Task<TestCache> StartAsync(params (string Key, string Value)[] options) =>
        TestCache.StartAsync(_folder.Path, null, [("NamespaceDefaults:Threshold", "0.8"), .. options]);
}
