using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests;

/// <summary>The ways of Lookup and Store, in process, on the shipped model.</summary>
public sealed class SemanticCacheTests : IAsyncLifetime
{
    private const string Question = "What is the capital of France?";
    private const string Reworded = "What's the capital of France";

    private readonly TemporaryFolder _folder = new();
    private TestCache _cache = null!;

    public async ValueTask InitializeAsync() => _cache = await TestCache.StartAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lookup_EmptyCache_MissesWithoutCandidate()
    {
        LookupResult result = await _cache.LookupAsync(Question);
        Assert.Equal(LookupOutcome.Miss, result.Outcome);
        Assert.Equal(MissReason.NoCandidate, result.MissReason);
        Assert.Null(result.NearestSimilarity);
        Assert.Null(result.Entry);
    }

    [Fact]
    public async Task Lookup_SamePrompt_IsAnExactHit()
    {
        Guid id = await _cache.StoreAsync(Question, "Paris");
        LookupResult result = await _cache.LookupAsync($"  {Question}\r\n");
        Assert.Equal(LookupOutcome.ExactHit, result.Outcome);
        Assert.Equal(1, result.Similarity);
        Assert.Equal(id, result.Entry!.EntryId);
        Assert.Equal("Paris", result.Entry.Response.Text);
    }

    [Fact]
    public async Task Lookup_WhileThePromptIsStoredAgain_IsAlwaysAnExactHit()
    {
        await _cache.StoreAsync(Question, "Paris");
        Task storing = Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                await _cache.StoreAsync(Question, "Paris");
            }
        });

        do
        {
            Assert.Equal(LookupOutcome.ExactHit, (await _cache.LookupAsync(Question)).Outcome);
        }
        while (!storing.IsCompleted);

        await storing;
    }

    [Fact]
    public async Task Lookup_RewordedPrompt_IsASemanticHit()
    {
        await _cache.StoreAsync(Question, "Paris");
        LookupResult result = await _cache.LookupAsync(Reworded);
        Assert.Equal(LookupOutcome.SemanticHit, result.Outcome);
        Assert.Equal(0.973, result.Similarity, 1e-3);
        Assert.Equal("Paris", result.Entry!.Response.Text);
    }

    [Theory]
    [InlineData("Is x < y?", "Is x > y?")]
    [InlineData("How do I sort in C?", "How do I sort in C++?")]
    [InlineData("What is 5 + 3?", "What is 5 - 3?")]
    public async Task Lookup_SymbolsDiffer_IsNotTheSameEmbedding(string stored, string asked)
    {
        await _cache.StoreAsync(stored, "r");
        LookupResult result = await _cache.LookupAsync(asked);
        Assert.InRange(result.NearestSimilarity ?? result.Similarity, -1, 0.9999);
    }

    [Fact]
    public async Task Lookup_BelowThreshold_ReportsTheNearest()
    {
        await _cache.StoreAsync(Question, "Paris");
        LookupResult result = await _cache.LookupAsync("Tell me France's capital city");
        Assert.Equal(MissReason.BelowThreshold, result.MissReason);
        Assert.Equal(0.888, result.NearestSimilarity!.Value, 1e-3);
    }

    [Fact]
    public async Task Lookup_StricterThreshold_Misses()
    {
        await _cache.StoreAsync(Question, "Paris");
        LookupResult result = await _cache.Cache.LookupAsync(
            new LookupQuery { Prompt = Prompt.FromText(Reworded), Threshold = 0.98 });
        Assert.Equal(MissReason.BelowThreshold, result.MissReason);
        Assert.Equal(0.98, result.Threshold);
    }

    [Fact]
    public async Task Lookup_Explain_TellsWhatDecidedEachCandidate()
    {
        await _cache.StoreAsync(Question, "Paris");
        await _cache.StoreAsync("How do I bake bread?", "Flour");
        LookupResult result = await _cache.Cache.LookupAsync(
            new LookupQuery { Prompt = Prompt.FromText(Reworded), Explain = true });
        Assert.Collection(
            result.Candidates,
            first =>
            {
                Assert.True(first.Served);
                Assert.Equal(Question, first.Prompt!.Text);
            },
            second =>
            {
                Assert.False(second.Served);
                Assert.Equal(MissReason.None, second.RejectedBecause);
                Assert.Equal("How do I bake bread?", second.Prompt!.Text);
            });
    }

    [Fact]
    public async Task Store_SamePromptAgain_ReplacesTheEntry()
    {
        Guid first = await _cache.StoreAsync(Question, "Lyon");
        Guid second = await _cache.StoreAsync(Question, "Paris");
        LookupResult result = await _cache.LookupAsync(Question);
        Assert.Equal(second, result.Entry!.EntryId);
        Assert.Equal("Paris", result.Entry.Response.Text);
        Assert.Null(_cache.Cache.GetEntry("", first));
        Assert.Equal(1, Assert.Single(_cache.Cache.GetStats()).Entries);
    }

    [Fact]
    public async Task Lookup_AfterTheTimeToLive_IsExpiredAndHitsDoNotProlongIt()
    {
        await _cache.Cache.StoreAsync(new StoreCommand
        {
            Prompt = Prompt.FromText(Question),
            Response = CachedResponse.FromText("Paris"),
            Ttl = TimeSpan.FromSeconds(60),
        });
        _cache.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(LookupOutcome.ExactHit, (await _cache.LookupAsync(Question)).Outcome);
        _cache.Time.Advance(TimeSpan.FromSeconds(1));
        LookupResult result = await _cache.LookupAsync(Question);
        Assert.Equal(LookupOutcome.Miss, result.Outcome);
        Assert.Contains(result.MissReason, (MissReason[])[MissReason.Expired, MissReason.NoCandidate]);
    }

    [Fact]
    public async Task Lookup_ManyExpiredNearer_StillFindsTheLiveOne()
    {
        for (int i = 0; i < 40; i++)
        {
            await _cache.Cache.StoreAsync(new StoreCommand
            {
                Prompt = Prompt.FromText($"{Question}{new string('!', i)}"),
                Response = CachedResponse.FromText("old"),
                Ttl = TimeSpan.FromSeconds(5),
            });
        }

        await _cache.StoreAsync(Reworded + "?", "live");
        _cache.Time.Advance(TimeSpan.FromSeconds(6));
        LookupResult result = await _cache.LookupAsync(Question);
        Assert.Equal("live", result.Entry!.Response.Text);
    }

    [Fact]
    public async Task Sweep_ExpiredEntries_AreRemovedAndTheirPartitionToo()
    {
        await _cache.Cache.StoreAsync(new StoreCommand
        {
            Prompt = Prompt.FromText(Question),
            Response = CachedResponse.FromText("Paris"),
            Ttl = TimeSpan.FromSeconds(5),
        });
        await WaitUntilAsync(() =>
        {
            _cache.Time.Advance(TimeSpan.FromSeconds(10));
            return Assert.Single(_cache.Cache.GetStats()) is { Entries: 0, Partitions: 0, Bytes: 0 };
        });
        await _cache.StoreAsync(Question, "again");
        Assert.Equal("again", (await _cache.LookupAsync(Question)).Entry!.Response.Text);
    }

    [Fact]
    public async Task Lookup_OlderThanMaxAge_IsTooOld()
    {
        await _cache.StoreAsync(Question, "Paris");
        _cache.Time.Advance(TimeSpan.FromSeconds(61));
        LookupResult result = await _cache.Cache.LookupAsync(
            new LookupQuery { Prompt = Prompt.FromText(Question), MaxAge = TimeSpan.FromSeconds(60) });
        Assert.Equal(MissReason.TooOld, result.MissReason);
        Assert.Equal(LookupOutcome.ExactHit, (await _cache.LookupAsync(Question)).Outcome);
    }

    [Fact]
    public async Task Lookup_OverTheWindow_HitsExactlyAndNeverByMeaning()
    {
        string prefix = string.Concat(Enumerable.Repeat("one two three four ", 200));
        await _cache.StoreAsync(prefix + "five", "five");
        Assert.Equal("five", (await _cache.LookupAsync(prefix + "five")).Entry!.Response.Text);
        Assert.Equal(MissReason.OverWindow, (await _cache.LookupAsync(prefix + "six")).MissReason);
    }

    [Theory]
    [InlineData("What does سلام mean?", "What does حرب mean?")]
    [InlineData("翻译 你好", "翻译 世界")]
    [InlineData("What does 🍎 mean?", "What does 🍌 mean?")]
    [InlineData("What does \uE000 mean?", "What does \uE001 mean?")]
    [InlineData("What does \U000E0FFF mean?", "What does \U000E0FFE mean?")]
    public async Task Lookup_WordsThatTheVocabularyCannotSpell_HitExactlyAndNeverByMeaning(string stored, string asked)
    {
        await _cache.StoreAsync(stored, "stored");
        Assert.Equal(MissReason.UnknownWord, (await _cache.LookupAsync(asked)).MissReason);
        Assert.Equal(LookupOutcome.ExactHit, (await _cache.LookupAsync(stored)).Outcome);
    }

    [Fact]
    public async Task Lookup_WordsTooLongForTheVocabulary_HitExactlyAndNeverByMeaning()
    {
        await _cache.StoreAsync("decode " + new string('a', 120), "a");
        Assert.Equal(MissReason.UnknownWord, (await _cache.LookupAsync("decode " + new string('b', 120))).MissReason);
    }

    [Fact]
    public async Task Store_WithDecision_UsesItOnceAndOnlyForItsOwnPrompt()
    {
        LookupResult miss = await _cache.LookupAsync(Question);
        StoreCommand Command(string text) => new()
        {
            Prompt = Prompt.FromText(text),
            Response = CachedResponse.FromText("Paris"),
            DecisionId = miss.DecisionId,
        };
        await Assert.ThrowsAsync<InvalidRequestException>(() => _cache.Cache.StoreAsync(Command("something else")));
        Assert.NotNull((await _cache.Cache.StoreAsync(Command(Question))).EntryId);
        Assert.Equal(LookupOutcome.SemanticHit, (await _cache.LookupAsync(Reworded)).Outcome);
    }

    [Fact]
    public async Task Lookup_HitsThatClaimToSaveEverything_AreServedAndCountedUpToTheLimit()
    {
        await _cache.Cache.StoreAsync(new StoreCommand
        {
            Prompt = Prompt.FromText(Question),
            Response = CachedResponse.FromText("Paris"),
            Usage = new Usage(
                PromptTokens: long.MaxValue,
                CompletionTokens: long.MaxValue,
                Cost: double.MaxValue,
                Latency: TimeSpan.FromDays(365_000)),
        });
        for (int i = 0; i < 40; i++)
        {
            LookupResult result = await _cache.LookupAsync(Question);
            Assert.Equal(long.MaxValue, result.Entry!.Usage!.Saved.Tokens);
        }

        Savings saved = Assert.Single(_cache.Cache.GetStats()).Saved;
        Assert.Equal(new Savings(long.MaxValue, double.MaxValue, TimeSpan.FromSeconds(315_576_000_000)), saved);
    }

    [Fact]
    public async Task Store_HalfOfASurrogatePairInScopeOrTag_IsRefused()
    {
        const string text = "a\uD800";
        await Assert.ThrowsAsync<InvalidRequestException>(() => _cache.StoreAsync(Question, "r", "", ("user", text)));
        await Assert.ThrowsAsync<InvalidRequestException>(() => _cache.StoreAsync(Question, "r", "", (text, "user")));
        await Assert.ThrowsAsync<InvalidRequestException>(
            () => _cache.Cache.InvalidateAsync(new InvalidateFilter { Tags = [text] }));
    }

    [Fact]
    public async Task Lookup_SameTokens_HasASimilarityOfAtMostOne()
    {
        for (int i = 0; i < 20; i++)
        {
            await _cache.StoreAsync($"Question number {i} about Apples", "r");
            LookupResult result = await _cache.LookupAsync($"question number {i} about apples");
            Assert.Equal(LookupOutcome.SemanticHit, result.Outcome);
            Assert.InRange(result.Similarity, 0.999, 1);
        }
    }

    [Fact]
    public async Task Store_PromptThatComposingMakesTooLong_IsRefused()
    {
        int limit = _cache.Cache.Limits.MaxPromptBytes;
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _cache.StoreAsync(string.Concat(Enumerable.Repeat("\U0001D160", limit / 8)), "r"));
        Assert.Equal("prompt.text", refused.Field);
    }

    [Fact]
    public async Task Lookup_OtherNamespaceOrScope_SeesNothing()
    {
        await _cache.StoreAsync(Question, "Paris", "a", ("model", "m"));
        Assert.Equal(LookupOutcome.ExactHit, (await _cache.LookupAsync(Question, "a", ("model", "m"))).Outcome);
        Assert.Equal(MissReason.NoCandidate, (await _cache.LookupAsync(Question, "b", ("model", "m"))).MissReason);
        Assert.Equal(MissReason.NoCandidate, (await _cache.LookupAsync(Question, "a", ("model", "n"))).MissReason);
        Assert.Equal(MissReason.NoCandidate, (await _cache.LookupAsync(Question, "a")).MissReason);
        Assert.Equal(
            MissReason.NoCandidate, (await _cache.LookupAsync(Question, "a", ("model", "m"), ("user", "u"))).MissReason);
    }

    [Fact]
    public async Task Lookup_BeforeStart_IsUnavailable()
    {
        using var folder = new TemporaryFolder();
        await using TestCache cache = TestCache.Create(folder.Path);
        await Assert.ThrowsAsync<CacheUnavailableException>(() => cache.LookupAsync(Question));
    }

    [Theory]
    [InlineData("Periodic")]
    [InlineData("None")]
    public async Task Store_OtherDurability_IsVisibleAtOnceAndSurvivesACleanStop(string durability)
    {
        using var folder = new TemporaryFolder();
        await using (TestCache cache = await TestCache.StartAsync(folder.Path, null, ("Storage:Durability", durability)))
        {
            await cache.StoreAsync(Question, "Paris");
            Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync(Question)).Outcome);
        }

        await using TestCache again = await TestCache.StartAsync(folder.Path);
        Assert.Equal(LookupOutcome.ExactHit, (await again.LookupAsync(Question)).Outcome);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 500; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail("The condition did not come true.");
    }
}
