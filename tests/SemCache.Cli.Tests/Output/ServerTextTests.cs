using SemCache.Cli.Output;
using SemCache.V1;

namespace SemCache.Cli.Tests.Output;

public class ServerTextTests
{
    [Fact]
    public void Visible_EscapeSequence_LosesItsPower() =>
        Assert.Equal("a\uFFFD[2Jb\n\tc", ServerText.Visible("a\e[2Jb\n\tc"));

    [Fact]
    public void OneLine_LongText_IsCutBetweenCharacters()
    {
        Assert.Equal("a b c", ServerText.OneLine(" a\n b\t c ", 5));
        Assert.Equal("abc…", ServerText.OneLine("abcdef", 4));
        Assert.Equal("ab…", ServerText.OneLine("ab😀cd", 4));
    }

    [Fact]
    public void OneLine_Conversation_ShowsTheLastUserMessage()
    {
        var prompt = new Prompt { Conversation = new Conversation() };
        prompt.Conversation.Messages.Add(new Message { Role = "user", Content = "first" });
        prompt.Conversation.Messages.Add(new Message { Role = "User", Content = "second" });
        prompt.Conversation.Messages.Add(new Message { Role = "assistant", Content = "answer" });

        Assert.Equal("second", ServerText.OneLine(prompt, 80));
    }
}
