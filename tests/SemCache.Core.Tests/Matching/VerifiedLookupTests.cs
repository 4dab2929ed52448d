using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SemCache.Core.Embeddings;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Matching;

/// <summary>
/// What a verifier does to a lookup. The fixture's answers similarity × (1 − highest verdict), and one guard doubts the
/// nearest entry: its probability is half of its similarity.
/// </summary>
public sealed class VerifiedLookupTests : IDisposable
{
    private const string Asked = "What's the capital of France";
    private const string Nearest = "Name the capital of France";
    private const string Further = "Please, what is the capital of France?";
    private const double NearestSimilarity = 0.979;
    private const double FurtherSimilarity = 0.953;
    private const double Tolerance = 1e-3;

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _models = new();

    public void Dispose()
    {
        _data.Dispose();
        _models.Dispose();
    }

    [Fact]
    public async Task Lookup_ProbabilityBelowTheBar_IsUnverified()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Nearest, "Paris");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal(MissReason.Unverified, result.MissReason);
        Assert.Equal(NearestSimilarity / 2, result.Probability!.Value, Tolerance);
        Assert.Equal(NearestSimilarity, result.NearestSimilarity!.Value, Tolerance);
        Assert.Equal((0.9, 0.5), (result.Bar, result.Threshold));
        Assert.Null(result.Guard);
    }

    [Fact]
    public async Task Lookup_FurtherOneIsMoreProbable_IsServedBeforeTheNearest()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Nearest, "doubtful");
        Guid further = await cache.StoreAsync(Further, "sure");

        LookupResult result = await cache.ExplainAsync(Asked);

        Assert.Equal((LookupOutcome.SemanticHit, further), (result.Outcome, result.Entry!.EntryId));
        Assert.Equal(FurtherSimilarity, result.Similarity, Tolerance);
        Assert.Equal(result.Similarity, result.Probability);
        Assert.Equal(
            [(false, MissReason.Unverified), (true, MissReason.None)],
            result.Candidates.Select(candidate => (candidate.Served, candidate.RejectedBecause)));
        Assert.Equal(NearestSimilarity / 2, result.Candidates[0].Probability!.Value, Tolerance);
    }

    [Fact]
    public async Task Lookup_MostProbableIsStillBelowTheBar_ReportsIt()
    {
        await using TestCache cache = await StartAsync(null, ("NamespaceDefaults:MaxErrorRate", "0.005"));
        await cache.StoreAsync(Nearest, "doubtful");
        await cache.StoreAsync(Further, "nearly");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal((MissReason.Unverified, 0.97), (result.MissReason, result.Bar));
        Assert.Equal(FurtherSimilarity, result.Probability!.Value, Tolerance);
        Assert.Equal(NearestSimilarity, result.NearestSimilarity!.Value, Tolerance);
    }

    [Fact]
    public async Task Lookup_GuardStopsTheNearestAndVerifierTheNext_IsUnverified()
    {
        await using TestCache cache = await StartGuardedAsync(
            null,
            [new("doubt", "please", GuardVerdict.Suspect), new("marker", "name", GuardVerdict.Stop)]);
        await cache.StoreAsync(Nearest, "stopped");
        await cache.StoreAsync(Further, "doubtful");

        LookupResult result = await cache.ExplainAsync(Asked);

        Assert.Equal(MissReason.Unverified, result.MissReason);
        Assert.Equal(FurtherSimilarity / 2, result.Probability!.Value, Tolerance);
        Assert.Null(result.Guard);
        Assert.Equal(
            [MissReason.Guarded, MissReason.Unverified],
            result.Candidates.Select(candidate => candidate.RejectedBecause));
    }

    [Fact]
    public async Task Lookup_GuardStops_TheVerifierIsNotAsked()
    {
        await using TestCache cache = await StartGuardedAsync(null, [new("doubt", "name", GuardVerdict.Stop)]);
        await cache.StoreAsync(Nearest, "Paris");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal((MissReason.Guarded, "doubt"), (result.MissReason, result.Guard!.Name));
        Assert.Null(result.Probability);
        Assert.Equal(0.9, result.Bar);
    }

    [Fact]
    public async Task Lookup_CertainSimilarity_NeedsNoVerifier()
    {
        await using TestCache cache = await StartAsync(manifest => manifest["verifier"]!["certain"] = 0.97);
        await cache.StoreAsync(Nearest, "certain");
        await cache.StoreAsync(Further, "probable");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal("certain", result.Entry!.Response.Text);
        Assert.Null(result.Probability);
    }

    [Fact]
    public async Task Lookup_MoreSurvivorsThanTheVerifierTakes_VerifiesTheNearest()
    {
        await using TestCache cache = await StartAsync(manifest => manifest["verifier"]!["candidates"] = 1);
        await cache.StoreAsync(Nearest, "doubtful");
        await cache.StoreAsync(Further, "never asked");

        LookupResult result = await cache.ExplainAsync(Asked);

        Assert.Equal(MissReason.Unverified, result.MissReason);
        Assert.Null(result.Candidates[1].Probability);
        Assert.Equal(MissReason.None, result.Candidates[1].RejectedBecause);
    }

    [Fact]
    public async Task Lookup_BelowTheFloor_IsNotVerified()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync("How do I bake bread?", "Flour");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal(MissReason.BelowThreshold, result.MissReason);
        Assert.Null(result.Probability);
    }

    [Fact]
    public async Task Lookup_ExactMatch_NeedsNoVerifier()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Nearest, "Paris");

        LookupResult result = await cache.LookupAsync(Nearest);

        Assert.Equal(LookupOutcome.ExactHit, result.Outcome);
        Assert.Equal((null, 0.9), (result.Probability, result.Bar));
    }

    [Theory]
    [InlineData("0", 0.97)]
    [InlineData("0.005", 0.97)]
    [InlineData("0.0075", 0.935)]
    [InlineData("0.05", 0.5)]
    [InlineData("0.5", 0.5)]
    [InlineData("1", 0)]
    public async Task Lookup_MaxErrorRate_IsTranslatedIntoTheBar(string rate, double bar)
    {
        await using TestCache cache = await StartAsync(null, ("NamespaceDefaults:MaxErrorRate", rate));
        Assert.Equal(bar, (await cache.LookupAsync(Asked)).Bar!.Value, 1e-9);
    }

    [Fact]
    public async Task Reload_ChangedErrorRate_AppliesToTheNextLookup()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync(Nearest, "Paris", "team");
        Assert.Equal(MissReason.Unverified, (await cache.LookupAsync(Asked, "team")).MissReason);

        cache.Configuration["SemCache:Namespaces:team:MaxErrorRate"] = "1";
        cache.Configuration.Reload();

        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync(Asked, "team")).Outcome);
    }

    [Fact]
    public async Task Lookup_VerifierSwitchedOff_IsHeldToTheModelsStaticThreshold()
    {
        await using TestCache cache = await StartAsync(
            manifest => manifest["threshold"] = 0.975, ("Namespaces:plain:Verifier", "false"));
        await cache.StoreAsync(Further, "Paris", "plain");
        LookupResult miss = await cache.LookupAsync(Asked, "plain");
        await cache.StoreAsync(Nearest, "Paris", "plain");
        LookupResult hit = await cache.LookupAsync(Asked, "plain");

        Assert.Equal((MissReason.BelowThreshold, 0.975), (miss.MissReason, miss.Threshold));
        Assert.Equal(LookupOutcome.SemanticHit, hit.Outcome);
        Assert.Equal((null, null), (hit.Probability, hit.Bar));
        IReadOnlyDictionary<string, string> options = cache.Cache.EffectiveOptions;
        Assert.Equal(
            ("False", "0.975"), (options["Namespaces:plain:Verifier"], options["Namespaces:plain:MinThreshold"]));
        Assert.Equal(
            ("True", "0.5"), (options["NamespaceDefaults:Verifier"], options["NamespaceDefaults:MinThreshold"]));
        Assert.Equal("0.01", options["NamespaceDefaults:MaxErrorRate"]);
    }

    [Fact]
    public async Task Lookup_ThresholdConfigured_TakesThePlaceOfTheFloor()
    {
        await using TestCache cache = await StartAsync(null, ("NamespaceDefaults:Threshold", "0.96"));
        await cache.StoreAsync(Further, "Paris");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal((MissReason.BelowThreshold, 0.96, 0.9), (result.MissReason, result.Threshold, result.Bar));
    }

    [Fact]
    public async Task Lookup_GuardSwitchedOff_DoesNotSpeakToTheVerifier()
    {
        await using TestCache cache = await StartAsync(null, ("NamespaceDefaults:Guards:doubt", "false"));
        await cache.StoreAsync(Nearest, "Paris");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal(LookupOutcome.SemanticHit, result.Outcome);
        Assert.Equal(NearestSimilarity, result.Probability!.Value, Tolerance);
    }

    [Fact]
    public async Task Start_ModelThatGotAVerifier_EmbedsNothingAgain()
    {
        await using (TestCache before = await TestCache.StartAsync(_data.Path))
        {
            await before.StoreAsync(Further, "Paris");
        }

        await using TestCache after = await StartAsync();

        Assert.Equal(LookupOutcome.SemanticHit, (await after.LookupAsync(Asked)).Outcome);
        Assert.DoesNotContain(
            after.Logs.At(LogLevel.Information), message => message.Contains("again", StringComparison.Ordinal));
        await using Embedder with = TestModels.Load(Path.Combine(_models.Path, "model"));
        await using Embedder without = TestModels.Load(TestModels.Default);
        Assert.Equal(without.Fingerprint, with.Fingerprint);
    }

    [Fact]
    public async Task Start_VerifierTrainedWithAnUnknownGuard_NamesIt()
    {
        await using TestCache cache = TestCache.CreateGuarded(
            _data.Path, [new MarkerGuard("marker", "name", GuardVerdict.Stop)], null, ("Model:Path", Model(null)));

        CacheStartupException exception = Assert.Throws<CacheStartupException>(cache.Cache.Open);

        Assert.Contains("verifier.guards names doubt, which is no guard", exception.Message, StringComparison.Ordinal);
        Assert.Contains("marker", exception.Message, StringComparison.Ordinal);
    }

    private Task<TestCache> StartAsync(
        Action<JsonNode>? change = null, params (string Key, string Value)[] options) =>
        StartGuardedAsync(change, [new MarkerGuard("doubt", "name", GuardVerdict.Suspect)], options);

    private Task<TestCache> StartGuardedAsync(
        Action<JsonNode>? change, MarkerGuard[] guards, params (string Key, string Value)[] options) =>
        TestCache.StartGuardedAsync(_data.Path, guards, [.. options, ("Model:Path", Model(change))]);

    private string Model(Action<JsonNode>? change) =>
        TestModels.WithVerifier(Path.Combine(_models.Path, "model"), "similarity", manifest =>
        {
            manifest["verifier"]!["guards"] = new JsonArray("doubt");
            change?.Invoke(manifest);
        });
}
