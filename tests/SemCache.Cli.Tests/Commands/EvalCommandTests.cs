using System.Text.Json;
using SemCache.Cli.Tests.Evaluation;

namespace SemCache.Cli.Tests.Commands;

public sealed class EvalCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Eval_SamplePairs_ComparesThePolicies()
    {
        var run = await CliRun.ExecuteAsync(
            "eval", SampleFiles.Pairs, "--mode", "pairs", "--bootstrap", "50", "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var set = Assert.Single(JsonDocument.Parse(run.Out).RootElement.GetProperty("sets").EnumerateArray());
        var policies = Policies(set);
        Assert.Equal(66, set.GetProperty("lookups").GetInt32());
        Assert.Equal(32, policies["static"].GetProperty("possible").GetInt32());
        Assert.True(Figure(policies["guards"], "errorRate") < Figure(policies["static"], "errorRate"));
        Assert.Equal(0, Figure(policies["exact"], "hitRate"));
        Assert.NotEmpty(policies["static"].GetProperty("examples").GetProperty("wrongHits").EnumerateArray());
        Assert.Equal(
            66,
            policies["guards"].GetProperty("stages").EnumerateArray()
                .Sum(stage => stage.GetProperty("lookups").GetInt32()));
    }

    [Fact]
    public async Task Eval_Report_IsOnePageThatNeedsNothingElse()
    {
        var data = _folder.Write(
            "few <b>.jsonl",
            SampleFiles.FewPairs + """{"a":"<script>alert(1)</script>","b":"<script>alert(2)</script>","label":1}""");

        var run = await CliRun.ExecuteAsync(
            "eval", data, "--report", _folder.Path("report"), "--bootstrap", "20",
            "--markdown", _folder.Path("tables.md"));

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var page = await File.ReadAllTextAsync(_folder.Path("report/report.html"));
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("<b>", page);
        Assert.DoesNotMatch("""(src|href)="(?!#)""", page);
        Assert.Equal(3, page.Split("<svg ").Length - 1);
        string[] ids = [.. page.Split("id=\"").Skip(1).Select(part => part.Split('"')[0])];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(
            ["few <b>-stream-error-over-time", "few <b>-stream-hit-rate", "few <b>-stream-precision-recall"],
            Directory.GetFiles(_folder.Path("report"), "*.png").Select(Path.GetFileNameWithoutExtension).Order());
        Assert.Equal(
            [0x89, (byte)'P', (byte)'N', (byte)'G'],
            (await File.ReadAllBytesAsync(_folder.Path("report/few <b>-stream-hit-rate.png")))[..4]);
        Assert.Contains("| model | policy | bar |", await File.ReadAllTextAsync(_folder.Path("tables.md")));
        Assert.Contains("Report: ", run.Out);
    }

    [Fact]
    public async Task Eval_ModelWithVerifier_ReportsItsCalibration()
    {
        var run = await CliRun.ExecuteAsync(
            "eval", SampleFiles.Pairs, "--mode", "pairs", "--model", VerifyingModel.Create(_folder), "--bootstrap", "0",
            "--report", _folder.Path("report"), "--json");

        var policies = Policies(JsonDocument.Parse(run.Out).RootElement.GetProperty("sets")[0]);
        Assert.Equal(0.9, policies["verifier"].GetProperty("operatingPoint").GetDouble());
        Assert.InRange(
            policies["verifier"].GetProperty("reliability").GetProperty("expectedError").GetDouble(), 0.01, 1);
        Assert.Equal(JsonValueKind.Null, policies["guards"].GetProperty("reliability").ValueKind);
        Assert.Equal(Figure(policies["verifier"], "hitRate"), Figure(policies["shipped"], "hitRate"));
        Assert.True(File.Exists(_folder.Path("report/sample-pairs-pairs-reliability.svg")));
    }

    [Fact]
    public async Task Eval_NoiseAndMustMiss_AreNeverPossibleHits()
    {
        var classes = _folder.Write("classes.jsonl", """
            {"text":"How do I pay my bill?","intent":"pay"}
            {"text":"How can I pay my bill?","intent":"pay"}
            {"text":"Sing me a song","intent":"oos"}
            {"text":"Sing me the song","intent":"oos"}
            """);
        var noise = _folder.Write("noise.jsonl", """
            {"text":"How could I pay my bill?"}
            {"text":"Sing a song"}
            """);

        var run = await CliRun.ExecuteAsync(
            "eval", classes, "--must-miss", "oos", "--noise", noise, "--policies", "static", "--bootstrap", "0",
            "--json");

        var set = JsonDocument.Parse(run.Out).RootElement.GetProperty("sets")[0];
        Assert.Equal((6, 2), (set.GetProperty("lookups").GetInt32(), set.GetProperty("noise").GetInt32()));
        Assert.Equal(1, set.GetProperty("policies")[0].GetProperty("possible").GetInt32());
    }

    [Fact]
    public async Task Eval_TwoModelsAndInsertMiss_AreRowsOfOneTable()
    {
        var data = _folder.Write("few.jsonl", SampleFiles.FewPairs);
        var model = Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0");

        var run = await CliRun.ExecuteAsync(
            "eval", data, "--model", model, "--model", model, "--insert", "miss", "--thresholds", "0.5,0.9",
            "--policies", "exact,static");

        Assert.Equal(2, run.Out.Split('\n').Count(line => line.Contains("threshold 0.5 ")));
        Assert.Equal(2, run.Out.Split('\n').Count(line => line.Contains("exact only")));
    }

    [Fact]
    public async Task Eval_VerifierOfAModelThatHasNone_IsExplained()
    {
        var run = await CliRun.ExecuteAsync(
            "eval", _folder.Write("few.jsonl", SampleFiles.FewPairs), "--policies", "verifier",
            "--model", Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0"));

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("semcache: --policies verifier: the model semcache-mini-v0 has no verifier.", run.Error);
    }

    [Theory]
    [InlineData(
        "--policies names 'best'; known are exact, static, guards, unguarded, verifier, shipped.",
        "--policies", "best")]
    [InlineData("--must-miss names classes, but few has labelled pairs.", "--must-miss", "oos")]
    [InlineData("--thresholds belongs to --insert miss", "--thresholds", "0.9")]
    [InlineData("--thresholds must be numbers from -1 to 1, separated by commas, not '2'.", "--thresholds", "0.9,2")]
    [InlineData("--insert belongs to --mode stream", "--mode", "pairs", "--insert", "miss")]
    [InlineData("--noise, --must-miss and --shuffle belong to --mode stream", "--mode", "pairs", "--shuffle", "1")]
    [InlineData("--noise-count needs --noise.", "--noise-count", "1")]
    [InlineData("--mode must be stream or pairs, not 'both'.", "--mode", "both")]
    [InlineData("With --insert miss the verifier runs as it ships", "--insert", "miss", "--policies", "verifier")]
    public async Task Eval_OptionsThatMakeNoSense_AreExplained(string problem, params string[] options)
    {
        var run = await CliRun.ExecuteAsync(["eval", _folder.Write("few.jsonl", SampleFiles.FewPairs), .. options]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("semcache: " + problem, run.Error);
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, JsonElement> Policies(JsonElement set) =>
        set.GetProperty("policies").EnumerateArray().ToDictionary(policy => policy.GetProperty("policy").GetString()!);

    private static double Figure(JsonElement policy, string name) =>
        policy.GetProperty("figures").GetProperty(name).GetProperty("value").GetDouble();
}
