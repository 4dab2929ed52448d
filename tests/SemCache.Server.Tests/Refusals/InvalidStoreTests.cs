using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Refusals;

/// <summary>Stores that are not allowed: the status, the field at fault, and nothing stored.</summary>
public sealed class InvalidStoreTests(SharedServer shared) : ServerTest(shared)
{
    public static TheoryData<string, Action<StoreRequest>, string, string> Cases { get; } = new()
    {
        { "no prompt", r => r.Prompt = null, "prompt", "missing" },
        { "white space", r => r.Prompt = Ask.Text("\n"), "prompt.text", "empty" },
        { "a large prompt", r => r.Prompt = Ask.Text(new string('x', (256 << 10) + 1)), "prompt.text", "262145 bytes" },
        { "no response", r => r.Response = null, "response", "missing" },
        { "a long content type", r => r.Response.ContentType = new string('c', 257), "response.content_type", "257 bytes" },
        { "a bad name", r => r.Namespace = "a/b", "namespace", "not a name" },
        { "an empty key", r => r.Scope.Add("", ""), "scope", "empty key" },
        { "no time to live", r => r.Ttl = new Duration(), "ttl", "0 s" },
        { "a negative time to live", r => r.Ttl = new Duration { Nanos = -1000 }, "ttl", "more than 0 s" },
        { "a long time to live", r => r.Ttl = new Duration { Seconds = (365 * 86_400) + 1 }, "ttl", "31536001 s" },
        { "an endless time to live", r => r.Ttl = new Duration { Seconds = long.MaxValue }, "ttl", "duration" },
        { "too many nanos", r => r.Ttl = new Duration { Seconds = 1, Nanos = int.MaxValue }, "ttl", "duration" },
        { "many tags", r => r.Tags.Add(Enumerable.Range(0, 65).Select(i => $"{i}")), "tags", "65 tags" },
        { "an empty tag", r => r.Tags.Add(["a", ""]), "tags[1]", "empty" },
        { "a large tag", r => r.Tags.Add(["a", "b", new string('é', 129)]), "tags[2]", "258 bytes" },
        { "an id that is none", r => r.DecisionId = "7", "decision_id", "no id" },
        { "an id with hyphens", r => r.DecisionId = Guid.NewGuid().ToString("D"), "decision_id", "no id" },
        { "negative prompt tokens", r => r.Usage = new Usage { PromptTokens = -1 }, "usage.prompt_tokens", "-1" },
        { "negative completion tokens", r => r.Usage = new Usage { CompletionTokens = long.MinValue }, "usage.completion_tokens", "0 or more" },
        { "a cost of NaN", r => r.Usage = new Usage { Cost = double.NaN }, "usage.cost", "NaN" },
        { "a negative cost", r => r.Usage = new Usage { Cost = -0.5 }, "usage.cost", "-0.5" },
        { "an infinite cost", r => r.Usage = new Usage { Cost = double.PositiveInfinity }, "usage.cost", "finite" },
        { "a negative latency", r => r.Usage = new Usage { Latency = new Duration { Seconds = -1 } }, "usage.latency", "0 or more" },
        { "an endless latency", r => r.Usage = new Usage { Latency = new Duration { Seconds = long.MinValue } }, "usage.latency", "duration" },
        { "a negative first token", r => r.Usage = new Usage { TimeToFirstToken = new Duration { Nanos = -100 } }, "usage.time_to_first_token", "0 or more" },
        { "a long model", r => r.Usage = new Usage { Model = new string('m', 257) }, "usage.model", "257 bytes" },
        { "a long finish reason", r => r.Usage = new Usage { FinishReason = new string('f', 257) }, "usage.finish_reason", "257 bytes" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Store_ThatIsNotAllowed_NamesTheFieldAndStoresNothing(
        string what, Action<StoreRequest> spoil, string field, string problem)
    {
        StoreRequest request = Ask.Store(Namespace, "Why?", "Because.");
        spoil(request);

        await Refusal.AssertInvalidAsync(async () => await Cache.StoreAsync(request), field, problem, what);

        LookupResponse next = await Cache.LookupAsync(Ask.Lookup(Namespace, "Why?"));
        Assert.Equal(MissReason.NoCandidate, next.MissReason);
    }

    public static TheoryData<string, Action<StoreRequest>> OtherDecisions { get; } = new()
    {
        { "prompt", r => r.Prompt = Ask.Text("Why not?") },
        { "scope", r => r.Scope.Add("model", "a") },
        { "namespace", r => r.Namespace += "x" },
        { "context", r => r.Prompt = Ask.Conversation(("system", "x"), ("user", "Why?")) },
    };

    [Theory]
    [MemberData(nameof(OtherDecisions))]
    public async Task Store_WithTheDecisionOfAnother_IsRefused(string what, Action<StoreRequest> alter)
    {
        StoreRequest request = Ask.Store(Namespace, "Why?", "Because.");
        alter(request);
        request.DecisionId = (await Cache.LookupAsync(Ask.Lookup(Namespace, "Why?"))).DecisionId;

        await Refusal.AssertInvalidAsync(async () => await Cache.StoreAsync(request), "decision_id", "another", what);
    }

    [Fact]
    public async Task Store_WithADecisionThatIsForgotten_IsServed()
    {
        StoreRequest request = Ask.Store(Namespace, "Why?", "Because.");
        request.DecisionId = Guid.NewGuid().ToString("N");

        Assert.NotEmpty((await Cache.StoreAsync(request)).EntryId);
    }

    [Fact]
    public async Task Store_AtTheEdgeOfWhatIsAllowed_IsServed()
    {
        StoreRequest request = Ask.Store(Namespace, new string('x', 256 << 10), new string('y', 1 << 20))
            .Tagged([.. Enumerable.Range(0, 64).Select(i => $"{i:d256}")]);
        request.Ttl = new Duration { Seconds = 365 * 86_400 };
        for (int i = 0; i < 64; i++)
        {
            request.Scope.Add($"{i:d96}", new string('s', 4000));
        }

        Assert.NotEmpty((await Cache.StoreAsync(request)).EntryId);
    }
}
