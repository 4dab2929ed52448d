using System.Globalization;
using System.Text.Json.Nodes;
using SemCache.Core.Matching.Guards;

namespace SemCache.Server.Tests.Caching;

/// <summary>What callers and operators see of guards and verifier.</summary>
public sealed class CheckTests : IAsyncLifetime
{
    private const string Asked = "What's the capital of France";
    private const string Stopped = "Name the capital of France";
    private const string Doubted = "Please, what is the capital of France?";
    private const string Sound = "What is the capital of France?";
    private const int VerifierFailed = 12;

    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync("similarity");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lookup_GuardStops_NamesItAndTellsTheDifferenceToThoseWhoAsk()
    {
        await StoreAsync("a", Stopped);

        LookupResponse brief = await _server.Cache.LookupAsync(Ask.Lookup("a", Asked));
        LookupResponse explained = await ExplainAsync("a");

        Assert.Equal((Outcome.Miss, MissReason.Guarded), (brief.Outcome, brief.MissReason));
        Assert.Equal(new Guard { Name = "marker" }, brief.Guard);
        Assert.False(brief.HasProbability);
        Assert.Equal(0.9, brief.Bar);
        Assert.Equal(new Guard { Name = "marker", Stored = "name" }, explained.Guard);
        Candidate candidate = Assert.Single(explained.Candidates);
        Assert.Equal((MissReason.Guarded, explained.Guard), (candidate.RejectedBecause, candidate.Guard));
    }

    [Fact]
    public async Task Lookup_VerifierDoubts_TellsProbabilityAndBar()
    {
        await StoreAsync("a", Doubted);

        LookupResponse miss = await ExplainAsync("a");

        Assert.Equal((Outcome.Miss, MissReason.Unverified), (miss.Outcome, miss.MissReason));
        Assert.Equal(miss.NearestSimilarity / 2, miss.Probability, 1e-6);
        Assert.Equal((0.9, 0.5), (miss.Bar, miss.Threshold));
        Assert.Null(miss.Guard);
        Assert.Equal(miss.Probability, Assert.Single(miss.Candidates).Probability);
    }

    [Fact]
    public async Task Lookup_VerifierAgrees_TellsItsProbability()
    {
        await StoreAsync("a", Stopped, Doubted, Sound);

        LookupResponse hit = await ExplainAsync("a");

        Assert.Equal((Outcome.SemanticHit, Sound), (hit.Outcome, hit.Prompt.Text));
        Assert.Equal(hit.Similarity, hit.Probability, 1e-6);
        Assert.Equal(
            [MissReason.Guarded, MissReason.Unspecified, MissReason.Unverified],
            hit.Candidates.Select(candidate => candidate.RejectedBecause));
        Assert.Equal([false, true, true], hit.Candidates.Select(candidate => candidate.HasProbability));
    }

    [Fact]
    public async Task Lookup_InJson_TellsTheSame()
    {
        await StoreAsync("a", Stopped);
        await StoreAsync("b", Doubted);
        const string lookup = """{ "namespace": "NS", "prompt": { "text": "What's the capital of France" } }""";

        async Task<JsonNode> LookUpAsync(string ns) =>
            (await _server.Http.PostAsync("/v1/lookup", lookup.Replace("NS", ns, StringComparison.Ordinal))).Body;

        JsonNode guarded = await LookUpAsync("a");
        JsonNode doubted = await LookUpAsync("b");

        Assert.Equal("MISS_REASON_GUARDED", (string?)guarded["missReason"]);
        Assert.Equal("marker", (string?)guarded["guard"]!["name"]);
        Assert.False(guarded.AsObject().ContainsKey("probability"));
        Assert.Equal("MISS_REASON_UNVERIFIED", (string?)doubted["missReason"]);
        Assert.InRange((double)doubted["probability"]!, 0.4, 0.5);
        Assert.Equal(0.9, (double)doubted["bar"]!);
    }

    [Fact]
    public async Task Lookup_WithoutVerifier_HasNeitherProbabilityNorBar()
    {
        await StoreAsync("plain", Sound);

        LookupResponse hit = await _server.Cache.LookupAsync(Ask.Lookup("plain", Asked));

        Assert.Equal((Outcome.SemanticHit, Ask.DefaultThreshold), (hit.Outcome, hit.Threshold));
        Assert.False(hit.HasProbability);
        Assert.False(hit.HasBar);
    }

    [Fact]
    public async Task GetConfig_WithGuardsAndVerifier_TellsWhatIsInForce()
    {
        IDictionary<string, string> options = (await _server.Admin.GetConfigAsync(new())).Options;

        Assert.Equal("True", options["NamespaceDefaults:Guards:marker"]);
        Assert.Equal("False", options["Namespaces:plain:Guards:marker"]);
        Assert.Equal("True", options["NamespaceDefaults:Verifier"]);
        Assert.Equal("False", options["Namespaces:plain:Verifier"]);
        Assert.Equal("0.01", options["NamespaceDefaults:MaxErrorRate"]);
        Assert.Equal("0.5", options["NamespaceDefaults:Threshold"]);
        Assert.Equal(
            Ask.DefaultThreshold.ToString(CultureInfo.InvariantCulture), options["Namespaces:plain:Threshold"]);
        Assert.Equal("00:00:00.1000000", options["Model:VerifierTimeout"]);
    }

    [Fact]
    public async Task Lookup_VerifierFails_IsAnOrdinaryMiss()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartGuardedAsync(
            [Doubt], $"--SemCache:Model:Path={await CopyOfModel.VerifyingAsync(folder, "failing")}");
        await server.Cache.StoreAsync(Ask.Store("a", Sound, "Paris"));
        server.Log.Expect(VerifierFailed);

        LookupResponse miss = await server.Cache.LookupAsync(Ask.Lookup("a", Asked));

        Assert.Equal((Outcome.Miss, MissReason.VerifierUnavailable), (miss.Outcome, miss.MissReason));
        Assert.False(miss.HasProbability);
        Assert.Equal(0.9, miss.Bar);
    }

    private static MarkerGuard Doubt => new("doubt", "please", GuardVerdict.Suspect);

    private async Task<TestServer> StartAsync(string verifier) => await TestServer.StartGuardedAsync(
        [Doubt, new MarkerGuard("marker", "name", GuardVerdict.Stop)],
        $"--SemCache:Model:Path={await CopyOfModel.VerifyingAsync(_folder, verifier)}",
        "--SemCache:Namespaces:plain:Verifier=false",
        "--SemCache:Namespaces:plain:Guards:marker=false");

    private async Task StoreAsync(string ns, params string[] prompts)
    {
        foreach (string prompt in prompts)
        {
            await _server.Cache.StoreAsync(Ask.Store(ns, prompt, "Paris"));
        }
    }

    private async Task<LookupResponse> ExplainAsync(string ns)
    {
        LookupRequest request = Ask.Lookup(ns, Asked);
        request.Explain = true;
        return await _server.Cache.LookupAsync(request);
    }
}
