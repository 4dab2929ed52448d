using SemCache.Cli.Options;

namespace SemCache.Cli.Tests.Commands;

public class CommandLineTests
{
    // A run that gets as far as calling the server has understood its arguments.
    [Theory]
    [InlineData("lookup", "hello")]
    [InlineData("lookup", "@john asks", "-n", "support", "-s", "model=m", "-s", "user=u", "--max-age", "1h30m")]
    [InlineData("lookup", "-hello")]
    [InlineData("lookup", "--", "--hello")]
    [InlineData("lookup", "hello", "--threshold", "-0.5", "--candidates", "5", "--explain")]
    [InlineData("lookup", "-", "--timeout", "2.5")]
    [InlineData("store", "prompt", "response", "--ttl", "2d", "--tag", "a", "--tag", "b", "--cost", "0.0021")]
    [InlineData("store", "prompt", "-", "--latency", "820ms", "--ttft", "80ms", "--prompt-tokens", "12")]
    [InlineData("invalidate", "--tag", "a", "--dry-run")]
    [InlineData("invalidate", "--stored-before", "2d")]
    [InlineData("invalidate", "--stored-before", "2026-01-31T12:00:00Z", "--scope", "model=m")]
    [InlineData("invalidate", "--entire-namespace")]
    [InlineData("invalidate", "--prompt", "-")]
    [InlineData("stats")]
    [InlineData("stats", "--server", "127.0.0.1:9")]
    [InlineData("stats", "--server", "unix:/nowhere/semcache.sock")]
    [InlineData("validate", "-n", "support")]
    [InlineData("import", "-", "--streams", "2")]
    public async Task Arguments_ThatMakeSense_LeadToTheServer(params string[] args) =>
        Assert.Equal(ExitCode.Unavailable, (await CliRun.ExecuteAsync("text", args)).ExitCode);

    [Theory]
    [InlineData("Give either a PROMPT or --messages.", "lookup")]
    [InlineData("Give either a PROMPT or --messages.", "lookup", "a", "--messages", "b")]
    [InlineData("--scope must be key=value, not 'model'.", "lookup", "a", "-s", "model")]
    [InlineData("--max-age must be a positive duration like 90s, 1h30m, 2d or 250ms, not '5'.", "lookup", "a", "--max-age", "5")]
    [InlineData("--threshold must be a number, not 'x'.", "lookup", "a", "--threshold", "x")]
    [InlineData("--threshold must be a number, not 'NaN'.", "lookup", "a", "--threshold", "NaN")]
    [InlineData("--candidates must be a whole number, not '1.5'.", "lookup", "a", "--candidates", "1.5")]
    [InlineData("--timeout must be a positive number of seconds, not '0'.", "stats", "--timeout", "0")]
    [InlineData("--server must be an address like http://127.0.0.1:5080 or unix:/run/", "stats", "--server", "a:b:c")]
    [InlineData("--server must be an address like http://127.0.0.1:5080 or unix:/run/", "stats", "--server", "unix:here")]
    [InlineData("Give a prompt (PROMPT or --messages) and a response (RESPONSE or --response-file).", "store", "a")]
    [InlineData("Give a prompt (PROMPT or --messages) and a response (RESPONSE or --response-file).", "store", "a", "b", "--messages", "c")]
    [InlineData("Only one of prompt and response can be read from standard input.", "store", "-", "-")]
    [InlineData("Give at least one condition, or --entire-namespace.", "invalidate", "--dry-run")]
    [InlineData("Give either --prompt or --messages.", "invalidate", "--prompt", "a", "--messages", "b")]
    [InlineData("--stored-before must be a time like", "invalidate", "--stored-before", "yesterday")]
    [InlineData("--streams must be a whole number from 1 to 64, not '65'.", "import", "a", "--streams", "65")]
    [InlineData("Give either files of pairs or --explain with two prompts.", "guards")]
    [InlineData(
        "Give either files of pairs or --explain with two prompts.", "guards", "a.jsonl", "--explain", "a", "b")]
    [InlineData("--json and an export to standard output exclude each other.", "export", "-", "--json")]
    [InlineData("Give either --to FOLDER or --verify.", "restore", "a.tar")]
    [InlineData("Give either --to FOLDER or --verify.", "restore", "a.tar", "--verify", "--to", "b")]
    [InlineData("Option '--output' is required.", "backup")]
    [InlineData("Unrecognized command or argument 'lokup'.", "lokup")]
    public async Task Arguments_ThatMakeNoSense_AreExplained(string problem, params string[] args)
    {
        var run = await CliRun.ExecuteAsync(args);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("semcache: " + problem, run.Error.Replace("{\"error\":{\"code\":\"USAGE\",\"message\":\"", "semcache: "));
        Assert.Equal("", run.Out);
    }

    [Fact]
    public async Task Server_OptionWinsOverVariableWinsOverDefault()
    {
        string[] lookup = ["lookup", "a"];
        var option = await CliRun.ExecuteAsync("", [.. lookup, "--server", "http://127.0.0.1:7"], "http://127.0.0.1:9");
        var variable = await CliRun.ExecuteAsync("", lookup, "http://127.0.0.1:9");
        var broken = await CliRun.ExecuteAsync("", lookup, "not an address");

        Assert.Contains("http://127.0.0.1:7/", option.Error);
        Assert.Contains("http://127.0.0.1:9/", variable.Error);
        Assert.StartsWith("semcache: The environment variable SEMCACHE_SERVER must be an address", broken.Error);
        Assert.Equal(
            new Uri(GlobalOptions.DefaultServer),
            new System.CommandLine.RootCommand { new GlobalOptions(_ => null).Server }.Parse([]).GetValue<Uri>("--server"));
    }

    [Theory]
    [InlineData("lookup")]
    [InlineData("store")]
    [InlineData("invalidate")]
    [InlineData("stats")]
    [InlineData("validate")]
    [InlineData("import")]
    [InlineData("export")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("fsck")]
    [InlineData("eval")]
    [InlineData("calibrate")]
    [InlineData("guards")]
    public async Task Help_OfEachCommand_HasExamplesAndExitCodes(string command)
    {
        var run = await CliRun.ExecuteAsync(command, "--help");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("Examples:", run.Out);
        Assert.Contains("semcache " + command, run.Out);
        Assert.Contains("  130  interrupted", run.Out);
    }

    [Fact]
    public async Task NoCommand_ShowsHelpAndFails()
    {
        var run = await CliRun.ExecuteAsync();

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("Commands:", run.Out);
    }
}
