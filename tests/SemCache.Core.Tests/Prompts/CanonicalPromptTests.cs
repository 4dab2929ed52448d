using SemCache.Core.Prompts;

namespace SemCache.Core.Tests.Prompts;

public sealed class CanonicalPromptTests
{
    [Theory]
    [InlineData("  hello ", "hello")]
    [InlineData("\t\r\nhello\u00a0\n", "hello")]
    [InlineData("a\r\nb\rc\nd", "a\nb\nc\nd")]
    [InlineData("cafe\u0301", "caf\u00e9")]
    [InlineData("\u212b", "\u00c5")]
    public void Of_SameTextWrittenDifferently_IsEqual(string written, string canonical)
    {
        CanonicalPrompt prompt = CanonicalPrompt.Of(Prompt.FromText(written));
        Assert.Equal(canonical, prompt.Text);
        Assert.Equal(CanonicalPrompt.Of(Prompt.FromText(canonical)).TextHash, prompt.TextHash);
    }

    [Theory]
    [InlineData("hello", "Hello")]
    [InlineData("a  b", "a b")]
    [InlineData("a\nb", "a b")]
    [InlineData("5\u00b2", "52")]
    [InlineData("\ufb01ve", "five")]
    [InlineData("a?", "a")]
    public void Of_TextThatMayMeanSomethingElse_StaysApart(string a, string b)
    {
        CanonicalPrompt first = CanonicalPrompt.Of(Prompt.FromText(a));
        CanonicalPrompt second = CanonicalPrompt.Of(Prompt.FromText(b));
        Assert.NotEqual(first.Text, second.Text);
        Assert.NotEqual(first.TextHash, second.TextHash);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    public void Of_EmptyText_NamesTheField(string text)
    {
        InvalidRequestException exception = Assert.Throws<InvalidRequestException>(
            () => CanonicalPrompt.Of(Prompt.FromText(text)));
        Assert.Equal("prompt.text", exception.Field);
    }

    [Fact]
    public void Of_LoneSurrogate_IsRefused() => Assert.Throws<InvalidRequestException>(
        () => CanonicalPrompt.Of(Prompt.FromText("a\ud800b")));

    [Fact]
    public void Of_Conversation_MatchesTheLastUserMessage()
    {
        CanonicalPrompt prompt = Conversation(("system", "s"), ("user", "first"), ("assistant", "a"), ("User ", " second "));
        Assert.Equal("second", prompt.Text);
        Assert.NotEqual(UInt128.Zero, prompt.ContextDigest);
    }

    [Fact]
    public void Of_SingleUserMessage_EqualsTheText()
    {
        CanonicalPrompt conversation = Conversation(("user", "hello"));
        CanonicalPrompt text = CanonicalPrompt.Of(Prompt.FromText("hello"));
        Assert.Equal(text.ContextDigest, conversation.ContextDigest);
        Assert.Equal(text.TextHash, conversation.TextHash);
    }

    [Fact]
    public void Of_OnlyTheLastUserMessageDiffers_HasTheSameContext() => Assert.Equal(
        Conversation(("system", "s"), ("user", "a")).ContextDigest,
        Conversation(("system", "s"), ("user", "b")).ContextDigest);

    [Fact]
    public void Of_AnythingElseDiffers_HasAnotherContext()
    {
        CanonicalPrompt[] different =
        [
            Conversation(("system", "s"), ("user", "x")),
            Conversation(("system", "t"), ("user", "x")),
            Conversation(("developer", "s"), ("user", "x")),
            Conversation(("system", "s"), ("system", ""), ("user", "x")),
            Conversation(("user", "x"), ("system", "s")),
            Conversation(("system", "s"), ("user", "x"), ("tool", "result")),
            Conversation(("systems", ""), ("user", "x")),
            Conversation(("user", "y"), ("assistant", "s"), ("user", "x")),
            Conversation(("user", "x")),
        ];
        Assert.Equal(different.Length, different.Select(prompt => prompt.ContextDigest).Distinct().Count());
    }

    [Fact]
    public void Of_ConversationWithoutUser_NamesTheField()
    {
        InvalidRequestException exception = Assert.Throws<InvalidRequestException>(() => Conversation(("system", "s")));
        Assert.Equal("prompt.conversation.messages", exception.Field);
    }

    [Fact]
    public void Scope_OrderOfAttributes_DoesNotMatter()
    {
        CanonicalScope ab = CanonicalScope.Of([new("a", "1"), new("b", "2")]);
        CanonicalScope ba = CanonicalScope.Of([new("b", "2"), new("a", "1")]);
        Assert.Equal(ab, ba);
        Assert.Equal(ab.GetHashCode(), ba.GetHashCode());
    }

    [Fact]
    public void Scope_BorderBetweenKeyAndValueMoved_IsAnother() => Assert.NotEqual(
        CanonicalScope.Of([new("ab", "c")]), CanonicalScope.Of([new("a", "bc")]));

    private static CanonicalPrompt Conversation(params (string Role, string Content)[] messages) => CanonicalPrompt.Of(
        Prompt.FromConversation([.. messages.Select(message => new Message(message.Role, message.Content))]));
}
