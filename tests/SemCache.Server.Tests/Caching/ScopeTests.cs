namespace SemCache.Server.Tests.Caching;

/// <summary>A response is only reusable in its own namespace and under the very same scope.</summary>
public sealed class ScopeTests(SharedServer shared) : ServerTest(shared)
{
    private const string Question = "What is the capital of France?";
    private const string Paraphrase = "What's the capital of France";

    public static TheoryData<string, (string, string)[]> OtherScopes { get; } = new()
    {
        { "no attributes", [] },
        { "one fewer", [("model", "a")] },
        { "one more", [("model", "a"), ("user", "1"), ("tools", "")] },
        { "another value", [("model", "a"), ("user", "2")] },
        { "another case of a value", [("model", "A"), ("user", "1")] },
        { "another case of a key", [("Model", "a"), ("user", "1")] },
        { "values exchanged", [("model", "1"), ("user", "a")] },
        { "another border", [("modela", ""), ("user", "1")] },
        { "white space", [("model", "a "), ("user", "1")] },
    };

    [Fact]
    public async Task Lookup_UnderTheSameScopeInAnyOrder_Hits()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris").InScope(("model", "a"), ("user", "1")));

        LookupResponse exact = await Cache.LookupAsync(
            Ask.Lookup(Namespace, Question).InScope(("user", "1"), ("model", "a")));
        LookupResponse semantic = await Cache.LookupAsync(
            Ask.Lookup(Namespace, Paraphrase).InScope(("user", "1"), ("model", "a")));

        Assert.Equal((Outcome.ExactHit, Outcome.SemanticHit), (exact.Outcome, semantic.Outcome));
    }

    [Theory]
    [MemberData(nameof(OtherScopes))]
    public async Task Lookup_UnderAnotherScope_SeesNothing(string difference, (string, string)[] scope)
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris").InScope(("model", "a"), ("user", "1")));
        LookupRequest exact = Ask.Lookup(Namespace, Question).InScope(scope);
        LookupRequest semantic = Ask.Lookup(Namespace, Paraphrase).InScope(scope);
        exact.Candidates = semantic.Candidates = 10;

        foreach (LookupRequest request in new[] { exact, semantic })
        {
            LookupResponse miss = await Cache.LookupAsync(request);
            Assert.True(miss.MissReason == MissReason.NoCandidate, $"A scope with {difference} was served.");
            Assert.Empty(miss.Candidates);
        }
    }

    [Theory]
    [InlineData("-b")]
    [InlineData(".")]
    [InlineData("A")]
    public async Task Lookup_InAnotherNamespace_SeesNothing(string suffix)
    {
        await Cache.StoreAsync(Ask.Store(Namespace + "a", Question, "Paris"));

        LookupResponse miss = await Cache.LookupAsync(Ask.Lookup(Namespace + suffix, Question));

        Assert.Equal(MissReason.NoCandidate, miss.MissReason);
    }

    [Fact]
    public async Task Store_UnderManyScopes_KeepsOneEntryInEach()
    {
        for (int i = 0; i < 10; i++)
        {
            await Cache.StoreAsync(Ask.Store(Namespace, Question, $"answer {i}").InScope(("user", $"{i}")));
        }

        for (int i = 0; i < 10; i++)
        {
            LookupResponse hit = await Cache.LookupAsync(Ask.Lookup(Namespace, Question).InScope(("user", $"{i}")));
            Assert.Equal($"answer {i}", hit.Response.Text);
        }
    }
}
