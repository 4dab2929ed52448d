namespace SemCache.Server.Tests.Caching;

/// <summary>Conversations: the last user message is matched, everything else must be the same.</summary>
public sealed class ConversationTests(SharedServer shared) : ServerTest(shared)
{
    private const string Question = "What is the capital of France?";
    private const string Paraphrase = "What's the capital of France";

    [Fact]
    public async Task Lookup_OfTheSameConversation_HitsExactlyWhateverTheCaseOfRoles()
    {
        await StoreAsync(("System", "Be brief."), ("user", "Hi"), ("ASSISTANT", "Hello"), ("user", Question));

        LookupResponse hit = await LookupAsync(
            ("system", " Be brief.\r\n"), ("USER", "Hi"), ("assistant", "Hello"), ("User", Question));

        Assert.Equal(Outcome.ExactHit, hit.Outcome);
        Assert.Equal(
            ["system", "user", "assistant", "user"], hit.Prompt.Conversation.Messages.Select(message => message.Role));
        Assert.Equal(Question, hit.Prompt.Conversation.Messages[^1].Content);
    }

    [Fact]
    public async Task Lookup_OfAConversationWithTheSameMeaningAtItsEnd_HitsSemantically()
    {
        await StoreAsync(("system", "Be brief."), ("user", Question));

        Assert.Equal(
            Outcome.SemanticHit, (await LookupAsync(("system", "Be brief."), ("user", Paraphrase))).Outcome);
    }

    [Fact]
    public async Task Lookup_OfAUserMessageThatIsNotTheLastMessage_MatchesItAndComparesWhatFollows()
    {
        await StoreAsync(("user", Question), ("assistant", "The capital"));

        LookupResponse continued = await LookupAsync(("user", Paraphrase), ("assistant", "The capital"));
        LookupResponse otherwise = await LookupAsync(("user", Question), ("assistant", "A capital"));

        Assert.Equal(Outcome.SemanticHit, continued.Outcome);
        Assert.Equal(MissReason.NoCandidate, otherwise.MissReason);
    }

    [Fact]
    public async Task Lookup_OfASingleUserMessage_IsTheSamePromptAsItsText()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris"));

        LookupResponse hit = await LookupAsync(("uSer", Question + "\n"));

        Assert.Equal(Outcome.ExactHit, hit.Outcome);
        Assert.Equal(Question, hit.Prompt.Text);
    }

    public static TheoryData<string, (string, string)[]> OtherContexts { get; } = new()
    {
        { "another text", [("system", "Be verbose."), ("user", "Hi"), ("assistant", "Hello"), ("user", Question)] },
        { "another case", [("system", "be brief."), ("user", "Hi"), ("assistant", "Hello"), ("user", Question)] },
        { "another role", [("developer", "Be brief."), ("user", "Hi"), ("assistant", "Hello"), ("user", Question)] },
        { "another order", [("user", "Hi"), ("system", "Be brief."), ("assistant", "Hello"), ("user", Question)] },
        { "one fewer", [("system", "Be brief."), ("user", "Hi"), ("user", Question)] },
        { "one more", [("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello"), ("user", Question), ("tool", "")] },
        { "another border", [("system", "Be brief.Hi"), ("user", ""), ("assistant", "Hello"), ("user", Question)] },
        { "the question alone", [("user", Question)] },
    };

    [Theory]
    [MemberData(nameof(OtherContexts))]
    public async Task Lookup_OfTheSameQuestionInAnotherContext_Misses(string difference, (string, string)[] messages)
    {
        await StoreAsync(("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello"), ("user", Question));

        LookupResponse miss = await LookupAsync(messages);

        Assert.True(miss.Outcome == Outcome.Miss, $"A conversation with {difference} was served another's response.");
        Assert.Equal(MissReason.NoCandidate, miss.MissReason);
    }

    private async Task StoreAsync(params (string, string)[] messages) =>
        await Cache.StoreAsync(Ask.Store(Namespace, Ask.Conversation(messages), "Paris"));

    private async Task<LookupResponse> LookupAsync(params (string, string)[] messages) =>
        await Cache.LookupAsync(Ask.Lookup(Namespace, Ask.Conversation(messages)));
}
