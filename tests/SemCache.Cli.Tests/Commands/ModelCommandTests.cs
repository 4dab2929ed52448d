using System.Text.Json;
using SemCache.Cli.Demo;
using SemCache.Cli.Models;
using SemCache.Cli.Tests.Models;

namespace SemCache.Cli.Tests.Commands;

public sealed class ModelCommandTests : IDisposable
{
    private const string EightBitMiniLm = "/sentence-transformers/all-MiniLM-L6-v2/resolve/"
        + "1110a243fdf4706b3f48f1d95db1a4f5529b4d41/onnx/model_quint8_avx2.onnx";

    private readonly TemporaryFolder _folder = new();

    private string Models => _folder.Path("models");

    private string Config => _folder.Path("semcache.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Use_NoFile_MakesOne()
    {
        var run = await RunAsync("use", TinyModel.Mean);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains($"names tiny-bert-mean, in {TinyModel.Mean}.", run.Out);
        Assert.Contains($"--config {Config}", run.Out);
        Assert.Contains("embedded again", run.Out);
        Assert.Equal(TinyModel.Mean, ConfiguredPath());
    }

    [Fact]
    public async Task Use_ExistingFile_KeepsEverythingElse()
    {
        _folder.Write(
            "semcache.json", "{ // ours\n  \"SemCache\": { \"Model\": { \"Path\": \"old\", \"Workers\": 3 } }\n}\n");

        var run = await RunAsync("use", TinyModel.Mean, "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(
            $"{{ // ours\n  \"SemCache\": {{ \"Model\": {{ \"Path\": \"{TinyModel.Mean}\", \"Workers\": 3 }} }}\n}}\n",
            File.ReadAllText(Config));
        Assert.Equal(["semcache.json"], _folder.Names());
        Assert.Equal("tiny-bert-mean", JsonDocument.Parse(run.Out).RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Use_Link_ChangesTheFileBehindIt()
    {
        var real = _folder.Write("real.json", "{}");
        File.CreateSymbolicLink(Config, real);

        await RunAsync("use", TinyModel.Mean);

        Assert.NotNull(new FileInfo(Config).LinkTarget);
        Assert.Equal(TinyModel.Mean, ConfiguredPath());
    }

    [Fact]
    public async Task Use_ModelThatDoesNotLoad_LeavesTheFileAlone()
    {
        Install("broken");
        File.AppendAllText(Path.Combine(Models, "broken", "vocab.txt"), "more\n");
        _folder.Write("semcache.json", "{}");

        var run = await RunAsync("use", "broken");

        Assert.Equal(ExitCode.Unexpected, run.ExitCode);
        Assert.Contains("is not the one that its manifest describes", run.Error);
        Assert.Equal("{}", File.ReadAllText(Config));
    }

    [Fact]
    public async Task Use_FileThatIsNoJson_LeavesItAlone()
    {
        _folder.Write("semcache.json", "{ \"SemCache\": ");

        var run = await RunAsync("use", TinyModel.Mean);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains($"{Config} is no JSON", run.Error);
        Assert.Equal("{ \"SemCache\": ", File.ReadAllText(Config));
    }

    [Fact]
    public async Task Use_ModelThatIsNotHere_SaysHowToGetIt()
    {
        var known = await RunAsync("use", "gte-small");
        var unknown = await RunAsync("use", "no-such");

        Assert.Equal(ExitCode.Usage, known.ExitCode);
        Assert.Contains("semcache model pull gte-small", known.Error);
        Assert.StartsWith("semcache: There is no model no-such", unknown.Error);
    }

    [Fact]
    public async Task List_ShowsWhatIsHereAndWhatIsInUse()
    {
        Install("all-MiniLM-L6-v2");
        Install("mine");
        Directory.CreateDirectory(Path.Combine(Models, "wrong"));
        _folder.Write("models/wrong/manifest.json", "{");
        Directory.CreateDirectory(Path.Combine(Models, "half.part"));
        await RunAsync("use", "mine");

        var run = await RunAsync("list", "--json");

        var models = JsonDocument.Parse(run.Out).RootElement.GetProperty("models").EnumerateArray()
            .ToDictionary(model => model.GetProperty("name").GetString()!);
        Assert.True(models["mine"].GetProperty("inUse").GetBoolean());
        Assert.True(models["all-MiniLM-L6-v2"].GetProperty("installed").GetBoolean());
        Assert.False(models["all-MiniLM-L6-v2"].GetProperty("inUse").GetBoolean());
        Assert.True(models["semcache-mini-v0"].GetProperty("installed").GetBoolean());
        Assert.False(models["gte-small"].GetProperty("installed").GetBoolean());
        Assert.False(models["e5-small-v2"].GetProperty("pinned").GetBoolean());
        Assert.Contains("is wrong", models["wrong"].GetProperty("problem").GetString());
        Assert.DoesNotContain("half.part", models.Keys);
    }

    [Fact]
    public async Task List_ForPeople_HasAStateForEach()
    {
        Install("mine");

        var run = await RunAsync("list");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Matches(@"mine +installed +.*KiB +32 +64 ", run.Out);
        Assert.Matches("e5-small-v2 +unpinned", run.Out);
        Assert.Matches(@"all-MiniLM-L6-v2-int8 +22\.2 MiB +384 +256 +English +Apache-2\.0", run.Out);
    }

    [Fact]
    public async Task Bench_TwoModels_ComparesThemOnTheSameTexts()
    {
        var texts = _folder.Write(
            "texts.jsonl",
            """
            "the capital of france"
            {"prompt": "reset my password"}

            {"text": "good tea"}
            "日日日"
            "七"
            """);

        var run = await RunAsync("bench", TinyModel.Mean, TinyModel.Cls, "--texts", texts, "--rounds", "3", "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var bench = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(4, bench.GetProperty("texts").GetInt32());
        var models = bench.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(
            ["tiny-bert-mean", "tiny-bert-cls"], models.Select(model => model.GetProperty("model").GetString()));
        Assert.Equal(1, models[0].GetProperty("ratio").GetDouble());
        Assert.All(models, model =>
        {
            Assert.Equal(1, model.GetProperty("unread").GetInt32());
            Assert.Equal(32, model.GetProperty("dimension").GetInt32());
            Assert.InRange(model.GetProperty("tokens").GetDouble(), 3, 64);
            Assert.InRange(
                model.GetProperty("p99Microseconds").GetDouble(),
                model.GetProperty("p50Microseconds").GetDouble(),
                1e9);
            Assert.True(model.GetProperty("textsPerSecond").GetDouble() > 0);
            Assert.True(model.GetProperty("sizeBytes").GetInt64() > 60_000);
        });
    }

    [Fact]
    public async Task Bench_ForPeople_UsesTheQuestionsThatComeAlong()
    {
        var run = await RunAsync("bench", "semcache-mini-v0", "--rounds", "1");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Matches(@"semcache-mini-v0 .* 1\.00 .* 256 ", run.Out);
        Assert.Contains("medians of 1 round", run.Out);
        Assert.InRange(SamplePrompt.ReadAll().Count(), 100, 1000);
    }

    [Theory]
    [InlineData("[1]\n", "line 1: neither a JSON string nor an object")]
    [InlineData("\"a\"\n{\"text\": 5}\n", "line 2: field \"text\" must be a text, not Number")]
    [InlineData("{\"a\": 5}\n", "line 1: neither a JSON string nor an object")]
    [InlineData("\"\\ud800\"\n", "line 1: the string is not Unicode")]
    [InlineData("\n", "has no texts")]
    [InlineData("\"\u4e03\"\n", "There is no text that all of the models read")]
    public async Task Bench_TextsThatMakeNoSense_AreExplained(string content, string problem)
    {
        var run = await RunAsync("bench", TinyModel.Mean, "--texts", _folder.Write("texts.jsonl", content));

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(problem, run.Error);
    }

    [Fact]
    public async Task Tokens_TextsAndPairs_AreWhatTheEngineEmbeds()
    {
        string[] texts = ["The Capital of France?", "C++", "cafe\u0301 \u65e5", " two\r\nlines ", "na\u00efve"];
        var file = _folder.Write(
            "texts.jsonl",
            $"{{\"text\":{Quoted(texts[0])},\"src\":\"x\"}}\n\n"
            + $"{{\"a\":{Quoted(texts[1])},\"b\":{Quoted(texts[2])},\"label\":1}}\n"
            + $"{{\"text\":{Quoted(texts[3])}}}\n{{\"text\":{Quoted(texts[4])}}}\n");

        var run = await RunAsync("tokens", "semcache-mini-v0", file);

        await using var model = LoadedModel.Load(Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0"));
        string[] canonical = [texts[0], texts[1], "caf\u00e9 \u65e5", "two\nlines", texts[4]];
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(
            canonical.Select(text => model.Embedder.Tokenize(text, out _)),
            run.Out.TrimEnd().Split('\n').Select(line => JsonSerializer.Deserialize<int[]>(line)!));
        Assert.Equal(run.Out, (await CliRun.ExecuteAsync(
            File.ReadAllText(file), ["model", "tokens", "semcache-mini-v0", "-"])).Out);
    }

    [Theory]
    [InlineData("{\"text\":\"x\"}\n{\"a\":\"x\"}\n", "line 2: field \"b\" is missing")]
    [InlineData("{\"text\":\"\\ufffe\"}\n", "line 1: field \"text\" holds half of a surrogate pair, or U+FFFE")]
    [InlineData("{\"prompt\":\"x\"}\n", "line 1: field \"text\" is missing")]
    public async Task Tokens_BadLine_IsNamed(string content, string problem)
    {
        var run = await RunAsync("tokens", TinyModel.Mean, _folder.Write("texts.jsonl", content));

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(problem, run.Error);
    }

    [Fact]
    public async Task Pull_MirrorOfTheEnvironment_IsAskedForTheFixedRevision()
    {
        await using var mirror = await FakeMirror.StartAsync();

        var run = await PullAsync(mirror, "all-MiniLM-L6-v2-int8");

        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.Contains("does not exist (404 Not Found)", run.Error);
        Assert.Equal(
            [EightBitMiniLm],
            mirror.Requests);
    }

    [Fact]
    public async Task Pull_AnotherFile_IsNotTaken()
    {
        await using var mirror = await FakeMirror.StartAsync();
        mirror.Add(EightBitMiniLm, [1, 2, 3]);

        var run = await PullAsync(mirror, "all-MiniLM-L6-v2-int8", "--json");

        Assert.Equal(ExitCode.Unexpected, run.ExitCode);
        var error = JsonDocument.Parse(run.Error).RootElement.GetProperty("error");
        Assert.Equal("WRONG_CONTENT", error.GetProperty("code").GetString());
        Assert.False(Directory.Exists(Path.Combine(Models, "all-MiniLM-L6-v2-int8")));
    }

    [Fact]
    public async Task Pull_Interrupted_KeepsWhatHasComeAndSaysSo()
    {
        await using var mirror = await FakeMirror.StartAsync();
        mirror.Add(EightBitMiniLm, new byte[23_046_789]);
        _ = mirror.PlaySilenceAfter(100_000);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var part = new FileInfo(Path.Combine(Models, "all-MiniLM-L6-v2-int8.part", "model.onnx.part"));

        var running = PullAsync(mirror, interrupt.Token, "all-MiniLM-L6-v2-int8");
        while (!running.IsCompleted && (!part.Exists || part.Length < 100_000))
        {
            await Task.Delay(10, interrupt.Token);
            part.Refresh();
        }

        await interrupt.CancelAsync();
        var run = await running;

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("What has come is kept; run the same command again to continue.", run.Error);
        part.Refresh();
        Assert.Equal(100_000, part.Length);
    }

    [Theory]
    [InlineData("There is no model no-such in the catalogue", "pull", "no-such")]
    [InlineData("The hash of model.onnx of e5-small-v2 is not known", "pull", "e5-small-v2")]
    [InlineData("--mirror must be an address", "pull", "gte-small", "--mirror", "ftp://x")]
    [InlineData("--proxy must be an address", "pull", "gte-small", "--proxy", "proxy")]
    [InlineData("--retries must be a whole number from 0 to 1000", "pull", "gte-small", "--retries", "-1")]
    [InlineData("Required argument", "bench")]
    [InlineData("Say what to do: list, pull, use, bench or tokens.")]
    public async Task Arguments_ThatMakeNoSense_AreExplained(string problem, params string[] args)
    {
        var run = await CliRun.ExecuteAsync(["model", .. args]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("semcache: " + problem, run.Error);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("pull")]
    [InlineData("use")]
    [InlineData("bench")]
    [InlineData("tokens")]
    public async Task Help_OfEachCommand_HasExamplesAndExitCodes(string command)
    {
        var run = await CliRun.ExecuteAsync("model", command, "--help");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("semcache model " + command, run.Out[run.Out.IndexOf("Examples:")..]);
        Assert.Contains("  130  interrupted", run.Out);
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private Task<CliRun> RunAsync(string command, params string[] args)
    {
        string[] config = command is "bench" or "tokens" ? [] : ["--config", Config];
        return CliRun.ExecuteAsync(["model", command, .. args, "--models", Models, .. config]);
    }

    private Task<CliRun> PullAsync(FakeMirror mirror, params string[] args) =>
        PullAsync(mirror, TestContext.Current.CancellationToken, args);

    private Task<CliRun> PullAsync(FakeMirror mirror, CancellationToken cancellationToken, params string[] args) =>
        CliRun.ExecuteAsync(
            "", ["model", "pull", .. args, "--into", Models],
            name => name == "SEMCACHE_MODEL_MIRROR" ? mirror.Address.AbsoluteUri : null,
            cancellationToken);

    private void Install(string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(Models, name));
        foreach (var file in Directory.EnumerateFiles(TinyModel.Mean))
        {
            File.Copy(file, Path.Combine(target.FullName, Path.GetFileName(file)));
        }
    }

    private string? ConfiguredPath() => JsonDocument.Parse(File.ReadAllText(Config)).RootElement
        .GetProperty("SemCache").GetProperty("Model").GetProperty("Path").GetString();
}
