using System.Text.Json;

namespace SemCache.Cli.Tests.Commands;

public class EntryCommandsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Question = "How do I reset my password?";
    private const string Paraphrase = "How can I reset my password?";

    [Fact]
    public async Task Lookup_BeforeAndAfterStore_MissesThenHits()
    {
        string[] where = ["-n", "lookup", "-s", "model=m"];

        var miss = await server.RunAsync(["lookup", Question, .. where]);
        var store = await server.RunAsync(
            ["store", Question, "Click it.", "--tag", "docs", "--prompt-tokens", "8", "--latency", "820ms", .. where]);
        var exact = await server.RunAsync(["lookup", Question, .. where]);
        var semantic = await server.RunAsync(["lookup", Paraphrase, "--explain", .. where]);
        var otherScope = await server.RunAsync(["lookup", Question, "-n", "lookup", "-s", "model=other"]);

        Assert.Equal(ExitCode.Miss, miss.ExitCode);
        Assert.StartsWith("miss  nothing to compare with", miss.Out);
        Assert.Equal(ExitCode.Ok, store.ExitCode);
        Assert.StartsWith("stored  entry ", store.Out);
        Assert.Equal(ExitCode.Ok, exact.ExitCode);
        Assert.StartsWith("exact hit  similarity 1.0000  age ", exact.Out);
        Assert.Contains("saved 8 tokens, 820 ms", exact.Out);
        Assert.EndsWith("Click it.\n", exact.Out);
        Assert.Equal(ExitCode.Ok, semantic.ExitCode);
        Assert.StartsWith("semantic hit", semantic.Out);
        Assert.Contains("served", semantic.Out);
        Assert.Equal(ExitCode.Miss, otherScope.ExitCode);
    }

    [Fact]
    public async Task Lookup_Json_IsTheAnswerOfTheContract()
    {
        await server.RunAsync("store", Question, "Click it.", "-n", "json");

        var hit = Parse(await server.RunAsync("lookup", Paraphrase, "-n", "json", "--json"));
        var miss = Parse(await server.RunAsync("lookup", "Who won?", "-n", "json", "--json"));

        Assert.Equal("OUTCOME_SEMANTIC_HIT", hit.GetProperty("outcome").GetString());
        Assert.Equal("Click it.", hit.GetProperty("response").GetProperty("text").GetString());
        Assert.Equal("MISS_REASON_BELOW_THRESHOLD", miss.GetProperty("missReason").GetString());
    }

    [Fact]
    public async Task Lookup_ResponseWithEscapeSequences_IsUnchangedWhereNoTerminalReadsIt()
    {
        await server.RunAsync("store", "escape", "a\e[2Jb", "-n", "escape");

        Assert.EndsWith("a\e[2Jb\n", (await server.RunAsync("lookup", "escape", "-n", "escape")).Out);
    }

    [Fact]
    public async Task Store_CutOffResponse_IsNotAdmitted()
    {
        var run = await server.RunAsync("store", Question, "Click", "--finish-reason", "length", "-n", "cut");

        Assert.Equal(ExitCode.NotAdmitted, run.ExitCode);
        Assert.StartsWith("not admitted  finish reason: ", run.Out);
    }

    [Theory]
    [InlineData("lookup", "a", "-n", "no name")]
    [InlineData("lookup", " ")]
    [InlineData("lookup", "a", "--threshold", "0.1")]
    [InlineData("invalidate", "--entry-id", "nonsense")]
    public async Task RequestsThatTheServerRefuses_EndWithItsReason(params string[] args)
    {
        var run = await server.RunAsync(args);

        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.StartsWith("semcache: The server refused the request: ", run.Error);
    }

    [Fact]
    public async Task Invalidate_DryRun_OnlyCounts()
    {
        await server.RunAsync("store", "a", "1", "--tag", "t", "-n", "tags");
        await server.RunAsync("store", "b", "2", "--tag", "t", "-n", "tags");

        var dry = await server.RunAsync("invalidate", "-n", "tags", "--tag", "t", "--dry-run");
        var wet = await server.RunAsync("invalidate", "-n", "tags", "--tag", "t", "--json");
        var again = await server.RunAsync("invalidate", "-n", "tags", "--prompt", "a");

        Assert.Equal("would remove 2 entries\n", dry.Out);
        Assert.Equal("2", Parse(wet).GetProperty("count").GetString());
        Assert.Equal("removed 0 entries\n", again.Out);
    }

    [Fact]
    public async Task Stats_OneNamespace_ShowsItsFigures()
    {
        await server.RunAsync("store", "a", "1", "-n", "figures");
        await server.RunAsync("lookup", "a", "-n", "figures");

        var detail = await server.RunAsync("stats", "-n", "figures");
        var all = Parse(await server.RunAsync("stats", "--json"));

        Assert.Matches(@"hit rate +100\.0 %", detail.Out);
        Assert.Contains(
            all.GetProperty("namespaces").EnumerateArray(),
            one => one.GetProperty("namespace").GetString() == "figures"
                && one.GetProperty("exactHits").GetString() == "1");
    }

    private static JsonElement Parse(CliRun run) => JsonDocument.Parse(run.Out).RootElement;
}
