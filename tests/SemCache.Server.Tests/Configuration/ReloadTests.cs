namespace SemCache.Server.Tests.Configuration;

/// <summary>Changes of the configuration file while the server runs.</summary>
public sealed class ReloadTests
{
    private const int OptionsRejected = 2;
    private const int FileIgnored = 120;
    private const string Loose = "Tell me which city is the capital of France";

    [Fact]
    public async Task Change_OfAThreshold_IsAppliedToTheNextLookups()
    {
        using var folder = new TemporaryFolder();
        string file = await WriteAsync(folder, 0.97);
        await using TestServer server = await TestServer.StartAsync("--config", file);
        await server.Cache.StoreAsync(Ask.Store("a", "What is the capital of France?", "Paris"));
        LookupResponse before = await server.Cache.LookupAsync(Ask.Lookup("a", Loose));

        await WriteAsync(folder, 0.2);
        LookupResponse after = await AtThresholdAsync(server, 0.2);

        Assert.Equal((Outcome.Miss, 0.97), (before.Outcome, before.Threshold));
        Assert.Equal(Outcome.SemanticHit, after.Outcome);
    }

    [Theory]
    [InlineData("""{"SemCache":{"NamespaceDefaults":{"Threshold":5}}}""", OptionsRejected, "Threshold")]
    [InlineData("""{"SemCache":{"NamespaceDefaults":{"Treshold":0.5}}}""", OptionsRejected, "Treshold")]
    [InlineData("""{"SemCache":{"NamespaceDefaults":{"Threshold":0.5""", FileIgnored, "semcache.json")]
    [InlineData("", FileIgnored, "semcache.json")]
    [InlineData(null, FileIgnored, "semcache.json")]
    public async Task Change_ThatIsBroken_IsLoggedAndTheLastSoundOptionsStay(string? broken, int eventId, string named)
    {
        using var folder = new TemporaryFolder();
        string file = await WriteAsync(folder, 0.97);
        await using TestServer server = await TestServer.StartAsync("--config", file);
        server.Log.Expect(eventId);

        await BreakAsync(file, broken);
        await Eventually.TrueAsync(
            () => Task.FromResult(server.Log.Lines.Any(line =>
                line.EventId == eventId && line.Text.Contains(named, StringComparison.Ordinal))),
            "a log line that names " + named);
        LookupResponse during = await server.Cache.LookupAsync(Ask.Lookup("a", Loose));
        await WriteAsync(folder, 0.3);
        LookupResponse after = await AtThresholdAsync(server, 0.3);

        Assert.Equal(0.97, during.Threshold);
        Assert.Equal(0.3, after.Threshold);
    }

    [Fact]
    public async Task CommandLine_AgainstTheFile_Wins()
    {
        using var folder = new TemporaryFolder();
        string file = await WriteAsync(folder, 0.97);
        await using TestServer server = await TestServer.StartAsync(
            "--config", file, "--SemCache:NamespaceDefaults:Threshold=0.9");

        Assert.Equal(0.9, (await server.Cache.LookupAsync(Ask.Lookup("a", Loose))).Threshold);
    }

    private static async Task<LookupResponse> AtThresholdAsync(TestServer server, double threshold)
    {
        LookupResponse answer = new();
        await Eventually.TrueAsync(
            async () =>
            {
                answer = await server.Cache.LookupAsync(Ask.Lookup("a", Loose));
                return answer.Threshold == threshold;
            },
            $"a threshold of {threshold}");
        return answer;
    }

    private static async Task BreakAsync(string file, string? content)
    {
        if (content is null)
        {
            File.Delete(file);
        }
        else
        {
            await File.WriteAllTextAsync(file, content);
        }
    }

    private static async Task<string> WriteAsync(TemporaryFolder folder, double threshold)
    {
        string file = folder.File("semcache.json");
        await File.WriteAllTextAsync(
            file, FormattableString.Invariant($$"""{"SemCache":{"NamespaceDefaults":{"Threshold":{{threshold}} } } }"""));
        return file;
    }
}
