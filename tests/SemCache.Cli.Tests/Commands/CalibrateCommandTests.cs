using System.Text.Json;
using SemCache.Cli.Tests.Evaluation;

namespace SemCache.Cli.Tests.Commands;

public sealed class CalibrateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Calibrate_TooFewPairs_SaysSoAndFails()
    {
        var run = await CliRun.ExecuteAsync("calibrate", SampleFiles.Pairs, "--mode", "pairs");

        Assert.Equal(ExitCode.NotProved, run.ExitCode);
        Assert.StartsWith(
            "Threshold without a verifier: too little data. To prove at most 1.00 % of all lookups wrong with 95 % "
                + "confidence takes 299 judged lookups without a single wrong hit; there are 47.", run.Out);
    }

    [Fact]
    public async Task Calibrate_SamplePairsAndALooseTarget_RecommendsAThreshold()
    {
        var run = await CliRun.ExecuteAsync(
            "calibrate", SampleFiles.Pairs, "--mode", "pairs", "--max-error", "0.2", "--holdout", "0", "--json");

        var threshold = JsonDocument.Parse(run.Out).RootElement.GetProperty("thresholds")[0];
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal("unchecked", threshold.GetProperty("verdict").GetString());
        Assert.InRange(threshold.GetProperty("bar").GetDouble(), 0.5, 1);
        Assert.InRange(threshold.GetProperty("chosen").GetProperty("atMost").GetDouble(), 0, 0.2);
    }

    [Fact]
    public async Task Calibrate_Decisions_ChoosesWithTheEarlierAndChecksWithTheLater()
    {
        // Newest first: the order of the times counts. Everything below 0.9 is wrong.
        var log = _folder.Write("log.jsonl", Decisions());

        var run = await CliRun.ExecuteAsync("calibrate", "--decisions", log);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.StartsWith("Threshold without a verifier: 0.9000 for at most 1.00 % of all lookups wrong\n", run.Out);
        Assert.Contains("  chosen with 1,400 lookups: 50.0 % hit, 0 wrong", run.Out);
        Assert.Contains("  checked with 600 lookups: 50.0 % hit, 0 wrong", run.Out);
        Assert.Contains("Confirmed", run.Out);
        Assert.Contains("Probability of the verifier: 0.4000", run.Out);
    }

    [Fact]
    public async Task Calibrate_StreamOfAModelWithVerifier_RecommendsBothBars()
    {
        var run = await CliRun.ExecuteAsync(
            "calibrate", SampleFiles.Pairs, "--model", VerifyingModel.Create(_folder), "--max-error", "0.2",
            "--holdout", "0", "--json");

        var report = JsonDocument.Parse(run.Out).RootElement;
        var probability = report.GetProperty("probabilities")[0];
        Assert.Equal("lookups of a stream", report.GetProperty("origin").GetString());
        Assert.Equal("unchecked", probability.GetProperty("verdict").GetString());
        // This verifier's probability is the similarity, and the floor keeps away only what the bar does too.
        var threshold = report.GetProperty("thresholds")[0];
        Assert.Equal(
            threshold.GetProperty("bar").GetDouble(), probability.GetProperty("bar").GetDouble(), 0.001);
    }

    [Fact]
    public async Task Calibrate_Table_IsThatOfAManifest()
    {
        var log = _folder.Write("log.jsonl", Decisions());

        var run = await CliRun.ExecuteAsync(
            "calibrate", "--decisions", log, "--table", "0.01,0.0001,0.1", "--holdout", "0");

        Assert.Equal(ExitCode.NotProved, run.ExitCode);
        Assert.Matches(
            """^\[\{"maxErrorRate":0\.01,"probability":0\.4\},\{"maxErrorRate":0\.1,"probability":0\.3[0-9]+\}\]\n$""",
            run.Out);
        Assert.Contains("0.01 % of all lookups wrong", run.Error);
    }

    [Theory]
    [InlineData("Give either files with labelled data or --decisions.")]
    [InlineData("--table needs a model with a verifier", "few.jsonl", "--table", "0.01", "--model", "v0")]
    [InlineData("Give either --max-error or --table.", "few.jsonl", "--table", "0.01", "--max-error", "0.1")]
    [InlineData("--max-error must be a number", "few.jsonl", "--max-error", "0")]
    [InlineData("--max-error must be a number", "few.jsonl", "--max-error", "NaN")]
    [InlineData("--mode is about labelled data; --decisions has none.", "--decisions", "few.jsonl", "--mode", "pairs")]
    [InlineData("Give one --model: each has a threshold of its own.", "few.jsonl", "--model", "a", "--model", "b")]
    public async Task Calibrate_OptionsThatMakeNoSense_AreExplained(string problem, params string[] options)
    {
        var few = _folder.Write("few.jsonl", SampleFiles.FewPairs);

        var run = await CliRun.ExecuteAsync(
            ["calibrate", .. options.Select(option => option switch
            {
                "few.jsonl" => few,
                "v0" => Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0"),
                _ => option,
            })]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("semcache: " + problem, run.Error);
    }

    public void Dispose() => _folder.Dispose();

    // Similarities go round from 0.8 to 0.998, probabilities from 0 to 0.792; what is below 0.9 and 0.4 is wrong.
    private static string Decisions()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return string.Join('\n', Enumerable.Range(0, 2000).Reverse().Select(i => JsonSerializer.Serialize(new
        {
            time = start.AddMinutes(i),
            outcome = "semantic_hit",
            similarity = (400 + (i % 100)) / 500m,
            probability = i % 100 * 4 / 500m,
            right = i % 100 >= 50,
        })));
    }
}
