using System.Text.Json;
using SemCache.Core.Matching.Guards;

namespace SemCache.Cli.Tests.Commands;

public class GuardsCommandTests
{
    private const string Pairs = """
        {"a":"Turn on the light","b":"Turn off the light","label":0}
        {"a":"Give me 12 ideas","b":"Give me twelve ideas","label":1,"db":"x"}
        {"a":"Lose 20 pounds fast","b":"Lose weight fast","label":1}
        {"a":"Who is it?","b":"Who is it?"}

        """;

    [Fact]
    public async Task Guards_Json_CountsVerdictsByLabel()
    {
        var run = await CliRun.ExecuteAsync(Pairs, ["guards", "-", "--json"]);

        var report = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(4, report.GetProperty("pairs").GetInt64());
        Assert.Equal((2, 1), ByLabel(report.GetProperty("labelled")));
        Assert.Equal((0, 1), ByLabel(report.GetProperty("stopped")));
        Assert.Equal((0, 1), ByLabel(Row(report, "opposite").GetProperty("stops")));
        Assert.Equal((1, 0), ByLabel(Row(report, "number").GetProperty("suspects")));
        Assert.Equal(
            GuardSet.Shipped.Select(guard => guard.Name),
            report.GetProperty("guards").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Guards_Features_WritesALinePerPairInOrder()
    {
        using var folder = new TemporaryFolder();
        var first = folder.Write("first.jsonl", Pairs);
        var second = folder.Write("second.jsonl", """{"a":"at 5pm","b":"at 17:00","label":1}""");

        var run = await CliRun.ExecuteAsync("guards", first, second, "--features", folder.Path("features.jsonl"));

        var lines = File.ReadAllLines(folder.Path("features.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("guards").EnumerateArray()
                .Select(value => value.GetDouble()).ToArray())
            .ToArray();
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.Equal(GuardSet.Shipped.Count, line.Length));
        Assert.Equal(1, lines[0][IndexOf("opposite")]);
        Assert.All(lines[1], value => Assert.Equal(0, value));
        Assert.Equal(0.5, lines[2][IndexOf("number")]);
        Assert.All(lines[3], value => Assert.Equal(0, value));
        Assert.All(lines[4], value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Guards_Table_ShowsEveryGuardAndAllTogether()
    {
        var run = await CliRun.ExecuteAsync(Pairs, ["guards", "-"]);

        Assert.All(GuardSet.Shipped, guard => Assert.Matches($@"(?m)^ +{guard.Name} ", run.Out));
        Assert.Matches(@"all together +0 +0\.0 % +1 +100\.0 % +100\.0 %", run.Out);
    }

    [Fact]
    public async Task Guards_DecomposedLetters_AreComparedAsALookupComparesThem()
    {
        const string composed = "Where is Caf\u00e9 M\u00fcller in \u00c9vora?", decomposed = "Where is Cafe\u0301 Mu\u0308ller in E\u0301vora?\n";

        var explained = await CliRun.ExecuteAsync("guards", "--explain", composed, decomposed);
        var counted = await CliRun.ExecuteAsync(
            JsonSerializer.Serialize(new { a = composed, b = decomposed, label = 1 }), ["guards", "-", "--json"]);

        Assert.Contains("All guards pass.", explained.Out, StringComparison.Ordinal);
        Assert.Equal((0, 0), ByLabel(JsonDocument.Parse(counted.Out).RootElement.GetProperty("stopped")));
    }

    [Fact]
    public async Task Guards_TextThatNoLookupTakes_NamesTheLine()
    {
        var run = await CliRun.ExecuteAsync("""{"a":"x","b":"\ufffe y"}""", ["guards", "-"]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("line 1: b: holds half of a surrogate pair, or U+FFFE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guards_ExplainWithFeatures_IsAUsageError()
    {
        var run = await CliRun.ExecuteAsync("guards", "--explain", "a", "b", "--features", "never.jsonl");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("--features goes with files of pairs", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guards_Explain_NamesTheGuardAndTheWords()
    {
        var run = await CliRun.ExecuteAsync("guards", "--explain", "Turn on the light", "Turn off the light", "--json");
        var equal = await CliRun.ExecuteAsync("guards", "--explain", "Turn on the light", "Switch on the light");

        var finding = Assert.Single(JsonDocument.Parse(run.Out).RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal("opposite", finding.GetProperty("guard").GetString());
        Assert.Equal("stop", finding.GetProperty("verdict").GetString());
        Assert.Equal("on", finding.GetProperty("a").GetString());
        Assert.Equal("off", finding.GetProperty("b").GetString());
        Assert.Contains("All guards pass.", equal.Out);
    }

    [Theory]
    [InlineData("{\"a\":\"x\"}", "-, line 1: field \"b\" is missing.")]
    [InlineData(
        "{\"a\":\"x\",\"b\":\"y\",\"label\":1}\n{\"a\":\"x\",\"b\":\"y\",\"label\":2}",
        "-, line 2: field \"label\" must be 0 or 1, not 2")]
    [InlineData(
        "{\"a\":\"x\",\"b\":\"y\",\"label\":\"same\"}",
        "-, line 1: field \"label\" must be 0 or 1, not \"same\"")]
    [InlineData("{\"a\":\"x\",\"b\":\"y\"} more", "-, line 1 is not JSON at byte 18.")]
    [InlineData("[]", "-, line 1: is no JSON object.")]
    [InlineData("\n", "- has no lines.")]
    [InlineData("\n{\"a\":\"\",\"b\":\"y\"}", "-, line 2: field \"a\" is empty.")]
    public async Task Guards_BadLine_IsNamedAndEndsTheRun(string input, string problem)
    {
        var run = await CliRun.ExecuteAsync(input, ["guards", "-"]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("semcache: " + problem, run.Error);
    }

    [Fact]
    public async Task Guards_Folder_IsSaidToBeNone()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.ExecuteAsync("guards", folder.Path(""));

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("is a folder, not a file.", run.Error);
    }

    private static int IndexOf(string guard) =>
        GuardSet.Shipped.Select(shipped => shipped.Name).ToList().IndexOf(guard);

    private static (long Same, long Different) ByLabel(JsonElement counts) =>
        (counts.GetProperty("same").GetInt64(), counts.GetProperty("different").GetInt64());

    private static JsonElement Row(JsonElement report, string guard) =>
        report.GetProperty("guards").EnumerateArray().Single(row => row.GetProperty("name").GetString() == guard);
}
