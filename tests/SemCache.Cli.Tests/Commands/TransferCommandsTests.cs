using System.Text.Json;

namespace SemCache.Cli.Tests.Commands;

public sealed class TransferCommandsTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_WhatExportWrote_HoldsTheSameEntries()
    {
        var source = _folder.Write("source.jsonl", Lines(300));
        var (first, second) = (_folder.Path("first.jsonl"), _folder.Path("second.jsonl"));

        Assert.Equal(300, Figure(await server.RunAsync("import", source, "-n", "from", "--json"), "stored"));
        Assert.Equal(300, Figure(await server.RunAsync("export", first, "-n", "from", "--json"), "exported"));
        Assert.Equal(300, Figure(await server.RunAsync("import", first, "-n", "to", "--json"), "stored"));
        Assert.Equal(300, Figure(await server.RunAsync("export", second, "-n", "to", "--json"), "exported"));

        Assert.Equal(Contents(first), Contents(second));
        Assert.Equal(300, Contents(first).Count);
    }

    [Fact]
    public async Task Import_BadLines_ReportsThemAndStoresTheOthers()
    {
        var file = _folder.Write(
            "bad.jsonl",
            """
            {"prompt":"a","response":"1"}
            nonsense

            {"prompt":" ","response":"2"}
            {"prompt":"b","response":"3","usage":{"finishReason":"length"}}
            {"prompt":"c","response":"4","expiresAt":"2020-01-01T00:00:00Z"}
            {"prompt":"d","response":"5"}
            """);

        var run = await server.RunAsync("import", file, "-n", "bad");

        Assert.Equal(ExitCode.PartlyFailed, run.ExitCode);
        Assert.StartsWith("Imported 2 entries in ", run.Out);
        Assert.EndsWith("Other lines: 2 bad, 1 not admitted, 1 expired.\n", run.Out);
        Assert.Contains("line 2: not JSON", run.Error);
        Assert.Contains("line 4: prompt", run.Error);
        Assert.False(File.Exists(file + ".progress"));
    }

    [Fact]
    public async Task Import_Strict_StopsAndContinuesOnceTheLineIsMended()
    {
        var file = _folder.Write("strict.jsonl", Lines(50) + "nonsense\n" + Lines(10, from: 50));
        var stopped = await server.RunAsync("import", file, "-n", "strict", "--strict");
        File.WriteAllText(file, File.ReadAllText(file).Replace("nonsense", Lines(1, from: 100).TrimEnd()));

        var continued = await server.RunAsync("import", file, "-n", "strict", "--strict", "--json");

        Assert.Equal(ExitCode.PartlyFailed, stopped.ExitCode);
        Assert.Contains("Line 51: not JSON", stopped.Error);
        Assert.Equal(ExitCode.Ok, continued.ExitCode);
        Assert.Equal(61, Figure(continued, "stored") + Figure(continued, "alreadyDone"));
        Assert.Equal(61, await CountAsync("strict"));
    }

    [Fact]
    public async Task Import_WithProgressOfAnEarlierRun_BeginsBehindIt()
    {
        var file = _folder.Write("resumed.jsonl", Lines(100));
        var progress = JsonSerializer.Serialize(new { line = 60, server = server.Address + "/", @namespace = "resumed" });
        _folder.Write("resumed.jsonl.progress", progress);

        var resumed = await server.RunAsync("import", file, "-n", "resumed", "--json");
        _folder.Write("resumed.jsonl.progress", progress);
        var restarted = await server.RunAsync("import", file, "-n", "resumed", "--json", "--restart");

        Assert.Equal((40, 60), (Figure(resumed, "stored"), Figure(resumed, "alreadyDone")));
        Assert.Equal((100, 0), (Figure(restarted, "stored"), Figure(restarted, "alreadyDone")));
        Assert.False(File.Exists(file + ".progress"));
    }

    [Fact]
    public async Task Import_PromptManyTimes_KeepsTheLastLine()
    {
        var lines = Enumerable.Range(0, 200).Select(i => $$"""{"prompt":"same","response":"{{i}}"}""");

        var run = await CliRun.ExecuteAsync(
            string.Join('\n', lines), ["import", "-", "-n", "last", "--json"], server.Address);

        Assert.Equal(200, Figure(run, "stored"));
        Assert.EndsWith("\n199\n", (await server.RunAsync("lookup", "same", "-n", "last")).Out);
    }

    [Fact]
    public async Task Export_AfterInterruption_CutsTheTornLineAndAppendsTheRest()
    {
        await server.RunAsync("import", _folder.Write("source.jsonl", Lines(20)), "-n", "torn");
        var file = _folder.Path("torn.jsonl");
        await server.RunAsync("export", file, "-n", "torn");
        var whole = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, whole[..(whole.Length / 2)]);

        var run = await server.RunAsync("export", file, "-n", "torn");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("Continued after entry ", run.Out);
        Assert.Equal(whole, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Export_FileOfAnotherNamespace_IsLeftAlone()
    {
        await server.RunAsync("store", "a", "b", "-n", "mine");
        var file = _folder.Path("mine.jsonl");
        await server.RunAsync("export", file, "-n", "mine");
        var before = await File.ReadAllTextAsync(file);

        var run = await server.RunAsync("export", file, "-n", "yours");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("holds entries of the namespace mine, not yours", run.Error);
        Assert.Equal(before, await File.ReadAllTextAsync(file));
    }

    private static string Lines(int count, int from = 0) => string.Concat(Enumerable.Range(from, count).Select(
        i => $$$"""{"prompt":"Question {{{i}}}?","response":"Answer {{{i}}}","scope":{"n":"{{{i % 3}}}"},"tags":["t"]}""" + "\n"));

    private static int Figure(CliRun run, string name) =>
        JsonDocument.Parse(run.Out).RootElement.GetProperty(name).GetInt32();

    /// <summary>The entries of an export, without what every store makes anew.</summary>
    private static List<string> Contents(string file) =>
        [.. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(entry => $"{entry.GetProperty("prompt")} {entry.GetProperty("response")} "
                + $"{entry.GetProperty("scope")} {entry.GetProperty("tags")}")
            .Order()];

    private async Task<int> CountAsync(string name) => Figure(
        await server.RunAsync("export", _folder.Path("count.jsonl"), "-n", name, "--json", "--restart"), "exported");
}
