using SemCache.Cli.Evaluation.Data;

namespace SemCache.Cli.Tests.Evaluation.Data;

public sealed class DataFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task ReadAsync_EachKind_IsRecognisedByItsFields()
    {
        Assert.Equal([new PairLine("x", "y", true)], await ReadAsync("""{"a":" x ","b":"y","label":1,"db":"z"}"""));
        Assert.Equal([new ClassLine("x", "c")], await ReadAsync("""{"text":"x","intent":"c"}"""));
        Assert.Equal([new ClassLine("x", "c")], await ReadAsync("""{"text":"x","class":"c"}"""));
        Assert.Equal(
            [new TextLine("x"), new TextLine("y")], await ReadAsync("{\"text\":\"x\"}\r\n\n{\"text\":\"y\"}\n"));
        var turn = Assert.IsType<TurnLine>(Assert.Single(
            await ReadAsync("""{"history":["h","i"],"question":"q","rewrite":"r"}""")));
        Assert.Equal(["h", "i"], turn.History);
        Assert.Equal(("q", "r"), (turn.Question, turn.Rewrite));
    }

    [Theory]
    [InlineData("line 2: field \"label\" must be 0 or 1, not 0.95", """{"a":"x","b":"y","label":0.95}""")]
    [InlineData("line 2: field \"label\" is missing", """{"a":"x","b":"y"}""")]
    [InlineData("line 2: has a graded \"score\"", """{"a":"x","b":"y","score":3.2}""")]
    [InlineData("line 2: field \"b\" is missing", """{"a":"x","label":1}""")]
    [InlineData("line 2: field \"a\" is empty", """{"a":"  ","b":"y","label":1}""")]
    [InlineData("line 2: field \"a\" must be a text, not Number", """{"a":1,"b":"y","label":1}""")]
    [InlineData("line 2: field \"a\" is not Unicode", """{"a":"\ud800","b":"y","label":1}""")]
    [InlineData("line 2: has none of the known sets of fields", """{"prompt":"x"}""")]
    [InlineData("line 2: is no JSON object", "[]")]
    [InlineData("line 2 is not JSON at byte 1", "{x")]
    [InlineData("line 2 is of another kind (raw texts) than the first (labelled pairs)", """{"text":"x"}""")]
    public async Task ReadAsync_BadLine_NamesFileLineAndField(string problem, string line)
    {
        var path = _folder.Write("data.jsonl", "{\"a\":\"x\",\"b\":\"y\",\"label\":0}\n" + line);

        var refused = await Assert.ThrowsAsync<UsageException>(() => DataFile.ReadAsync(path, default));

        Assert.StartsWith($"{path}, {problem}", refused.Message);
    }

    [Fact]
    public async Task ReadAsync_EmptyFile_IsRefused() =>
        await Assert.ThrowsAsync<UsageException>(() => DataFile.ReadAsync(_folder.Write("empty.jsonl", "\n"), default));

    public void Dispose() => _folder.Dispose();

    private async Task<IReadOnlyList<DataLine>> ReadAsync(string content) =>
        (await DataFile.ReadAsync(_folder.Write("data.jsonl", content), default)).Lines;
}
