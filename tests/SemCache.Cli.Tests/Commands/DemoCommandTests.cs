using System.Text.Json;
using SemCache.Cli.Demo;

namespace SemCache.Cli.Tests.Commands;

public class DemoCommandTests
{
    [Fact]
    public async Task Demo_AllQuestions_HitsAndSaves()
    {
        var run = await CliRun.ExecuteAsync("demo", "--json");

        var summary = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(SamplePrompt.ReadAll().Count(), summary.GetProperty("prompts").GetInt32());
        Assert.True(summary.GetProperty("exactHits").GetInt32() > 0);
        Assert.True(summary.GetProperty("semanticHits").GetInt32() > 0);
        Assert.True(summary.GetProperty("savedTokens").GetInt64() > 0);
        Assert.InRange(summary.GetProperty("hitRate").GetDouble(), 0.2, 1);
    }

    [Fact]
    public async Task Demo_Limit_ShowsALineForEachQuestionAndTheSum()
    {
        var run = await CliRun.ExecuteAsync("demo", "--limit", "10", "--threshold", "1");

        var lines = run.Out.Split('\n');
        Assert.Equal(10, lines.Count(line => line.StartsWith("miss ") || line.StartsWith("exact ")));
        Assert.Matches(@"threshold +1\.0000", run.Out);
    }

    [Fact]
    public async Task Demo_Miss_SaysWhatStoppedIt()
    {
        var run = await CliRun.ExecuteAsync("demo", "--fast");

        Assert.Contains("  (stopped by the guard ", run.Out);
        Assert.Matches(@"  \(verifier: 0\.\d{4}\)", run.Out);
        Assert.Matches(@"probability demanded +0\.\d{4}", run.Out);
    }
}
