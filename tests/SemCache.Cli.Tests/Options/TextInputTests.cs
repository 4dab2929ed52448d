using SemCache.Cli.Options;
using SemCache.V1;

namespace SemCache.Cli.Tests.Options;

public sealed class TextInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadPrompt_Dash_ReadsStandardInputWithoutByteOrderMark()
    {
        var prompt = await TextInput.ReadPromptAsync(Environment("\uFEFFWie geht's?\n"u8), "-", null, Cancel);

        Assert.Equal("Wie geht's?\n", prompt.Text);
    }

    [Fact]
    public async Task ReadPrompt_StandardInputNotUtf8_SaysSo()
    {
        var e = await Assert.ThrowsAsync<UsageException>(
            () => TextInput.ReadPromptAsync(Environment([0xff, 0xfe]), "-", null, Cancel));

        Assert.Equal("The text from standard input is not UTF-8.", e.Message);
    }

    [Theory]
    [InlineData("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]""")]
    [InlineData("""{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}""")]
    public async Task ReadPrompt_MessagesFile_IsAConversation(string json)
    {
        var file = _folder.Write("chat.json", json);

        var prompt = await TextInput.ReadPromptAsync(Environment([]), null, file, Cancel);

        Assert.Equal(["system", "user"], prompt.Conversation.Messages.Select(message => message.Role));
        Assert.Equal("Hi", prompt.Conversation.Messages[1].Content);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"Hi"}]}]""")]
    [InlineData("""[{"rolle":"user","content":"Hi"}]""")]
    public async Task ReadPrompt_OtherMessages_NamesTheFileAndTheForm(string json)
    {
        var file = _folder.Write("chat.json", json);

        var e = await Assert.ThrowsAsync<UsageException>(
            () => TextInput.ReadPromptAsync(Environment([]), null, file, Cancel));

        Assert.StartsWith($"{file} must hold [{{\"role\"", e.Message);
    }

    [Fact]
    public async Task ReadResponse_Utf8_IsTextByteForByte()
    {
        var response = await TextInput.ReadResponseAsync(Environment("\uFEFFyes\r\n"u8), "-", null, Cancel);

        Assert.Equal("\uFEFFyes\r\n", response.Text);
    }

    [Fact]
    public async Task ReadResponse_FileThatIsNotUtf8_IsData()
    {
        var file = _folder.Write("answer.bin", [0x80, 0x00, 0xff]);

        var response = await TextInput.ReadResponseAsync(Environment([]), null, file, Cancel);

        Assert.Equal(Response.BodyOneofCase.Data, response.BodyCase);
        Assert.Equal([0x80, 0x00, 0xff], response.Data.ToByteArray());
    }

    private static CliEnvironment Environment(ReadOnlySpan<byte> input) =>
        new(new MemoryStream(input.ToArray()), Stream.Null, TextWriter.Null, TextWriter.Null, TimeProvider.System, _ => null);
}
