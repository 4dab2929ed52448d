using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Matching;

/// <summary>What guards do to a lookup that no verifier judges.</summary>
public sealed class GuardedLookupTests : IDisposable
{
    private const string Asked = "What's the capital of France";

    // Nearest first; all above the default threshold.
    private const string Nearest = "Name the capital of France";
    private const string Next = "What is the capital of France?";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lookup_GuardStops_MissesWithReasonAndName()
    {
        await using TestCache cache = await StartAsync(Marker(GuardVerdict.Stop));
        await cache.StoreAsync(Nearest, "Paris");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal(MissReason.Guarded, result.MissReason);
        Assert.Equal(new GuardReport("marker", "", ""), result.Guard);
        Assert.Equal(0.979, result.NearestSimilarity!.Value, 1e-3);
        Assert.Equal(1, Assert.Single(cache.Cache.GetStats()).Misses[MissReason.Guarded]);
    }

    [Fact]
    public async Task Lookup_GuardStopsAndExplain_TellsWhatDiffers()
    {
        await using TestCache cache = await StartAsync(Marker(GuardVerdict.Stop));
        await cache.StoreAsync(Nearest, "Paris");

        LookupResult result = await cache.ExplainAsync(Asked);

        Assert.Equal(new GuardReport("marker", "", "name"), result.Guard);
        CandidateReport candidate = Assert.Single(result.Candidates);
        Assert.Equal((MissReason.Guarded, result.Guard), (candidate.RejectedBecause, candidate.Guard));
    }

    [Fact]
    public async Task Lookup_GuardStopsTheNearest_ServesTheNext()
    {
        await using TestCache cache = await StartAsync(Marker(GuardVerdict.Stop));
        await cache.StoreAsync(Nearest, "wrong");
        await cache.StoreAsync(Next, "right");

        LookupResult result = await cache.ExplainAsync(Asked);

        Assert.Equal("right", result.Entry!.Response.Text);
        Assert.Null(result.Guard);
        Assert.Equal("marker", result.Candidates[0].Guard!.Name);
        Assert.True(result.Candidates[1].Served);
    }

    [Fact]
    public async Task Lookup_GuardSuspects_IsServedWhereNothingVerifies()
    {
        await using TestCache cache = await StartAsync(Marker(GuardVerdict.Suspect));
        await cache.StoreAsync(Nearest, "Paris");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal(LookupOutcome.SemanticHit, result.Outcome);
        Assert.Null(result.Guard);
        Assert.Null(result.Bar);
    }

    [Fact]
    public async Task Lookup_ExactMatch_IsNoGuardsBusiness()
    {
        MarkerGuard guard = Marker(GuardVerdict.Stop);
        await using TestCache cache = await StartAsync(guard);
        await cache.StoreAsync(Nearest, "Paris");

        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync(Nearest)).Outcome);
        Assert.Equal(0, guard.Calls);
    }

    [Fact]
    public async Task Lookup_GuardSwitchedOffInOneNamespace_StopsInTheOthersOnly()
    {
        await using TestCache cache = await TestCache.StartGuardedAsync(
            _folder.Path, [Marker(GuardVerdict.Stop)], ("Namespaces:lax:Guards:Marker", "false"));
        await cache.StoreAsync(Nearest, "Paris", "lax");
        await cache.StoreAsync(Nearest, "Paris", "strict");

        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync(Asked, "lax")).Outcome);
        Assert.Equal(MissReason.Guarded, (await cache.LookupAsync(Asked, "strict")).MissReason);
        Assert.Equal("False", cache.Cache.EffectiveOptions["Namespaces:lax:Guards:marker"]);
        Assert.Equal("True", cache.Cache.EffectiveOptions["NamespaceDefaults:Guards:marker"]);
    }

    [Fact]
    public async Task Lookup_NamespaceSwitchesOnWhatTheDefaultsSwitchOff_IsStopped()
    {
        await using TestCache cache = await TestCache.StartGuardedAsync(
            _folder.Path,
            [Marker(GuardVerdict.Stop)],
            ("NamespaceDefaults:Guards:marker", "false"),
            ("Namespaces:strict:Guards:marker", "true"));
        await cache.StoreAsync(Nearest, "Paris", "lax");
        await cache.StoreAsync(Nearest, "Paris", "strict");

        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync(Asked, "lax")).Outcome);
        Assert.Equal(MissReason.Guarded, (await cache.LookupAsync(Asked, "strict")).MissReason);
    }

    [Fact]
    public async Task Reload_GuardSwitchedOff_AppliesToTheNextLookup()
    {
        await using TestCache cache = await StartAsync(Marker(GuardVerdict.Stop));
        await cache.StoreAsync(Nearest, "Paris");
        Assert.Equal(MissReason.Guarded, (await cache.LookupAsync(Asked)).MissReason);

        cache.Configuration["SemCache:NamespaceDefaults:Guards:marker"] = "false";
        cache.Configuration.Reload();

        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync(Asked)).Outcome);
    }

    [Fact]
    public async Task Reload_UnknownGuard_KeepsTheOptionsInForce()
    {
        await using TestCache cache = await StartAsync(Marker(GuardVerdict.Stop));
        await cache.StoreAsync(Nearest, "Paris");

        cache.Configuration["SemCache:NamespaceDefaults:Guards:marquer"] = "false";
        cache.Configuration["SemCache:NamespaceDefaults:Guards:marker"] = "false";
        cache.Configuration.Reload();

        Assert.Equal(MissReason.Guarded, (await cache.LookupAsync(Asked)).MissReason);
        Assert.Contains(cache.Logs.At(LogLevel.Error), logged => logged.Contains("marquer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lookup_GuardThrows_StopsAndIsLoggedWithoutThePrompt()
    {
        await using TestCache cache = await StartAsync(new ThrowingGuard());
        await cache.StoreAsync(Nearest, "Paris");

        LookupResult result = await cache.LookupAsync(Asked);
        await cache.LookupAsync(Asked);

        Assert.Equal(MissReason.Guarded, result.MissReason);
        Assert.Equal("broken", result.Guard!.Name);
        string logged = Assert.Single(cache.Logs.At(LogLevel.Error));
        Assert.Contains("broken", logged, StringComparison.Ordinal);
        Assert.Contains(nameof(FormatException), logged, StringComparison.Ordinal);
        Assert.DoesNotContain("France", logged, StringComparison.Ordinal);

        cache.Time.Advance(TimeSpan.FromMinutes(1));
        await cache.LookupAsync(Asked);
        Assert.Equal(2, cache.Logs.At(LogLevel.Error).Count());
    }

    [Fact]
    public async Task Lookup_AllOfTheFirstAreStopped_LooksFurther()
    {
        await using TestCache cache = await StartAsync(
            Marker(GuardVerdict.Stop), ("NamespaceDefaults:Threshold", "0.5"));
        await StoreStoppedAsync(cache, 12);
        await cache.StoreAsync("Tell me France's capital city", "right");

        LookupResult result = await cache.LookupAsync(Asked);

        Assert.Equal("right", result.Entry?.Response.Text);
    }

    [Fact]
    public async Task Lookup_VeryManyAreStopped_GuardsLookAtThirtyTwo()
    {
        MarkerGuard guard = Marker(GuardVerdict.Stop);
        await using TestCache cache = await StartAsync(guard, ("NamespaceDefaults:Threshold", "0.5"));
        await StoreStoppedAsync(cache, 60);

        LookupResult result = await cache.Cache.LookupAsync(
            new LookupQuery { Prompt = Prompt.FromText(Asked), Explain = true, Candidates = 60 });

        Assert.Equal(MissReason.Guarded, result.MissReason);
        Assert.Equal(32, guard.Calls);
        Assert.Equal(32, result.Candidates.Count(candidate => candidate.RejectedBecause == MissReason.Guarded));
        Assert.All(result.Candidates.Skip(32), candidate => Assert.Equal(MissReason.None, candidate.RejectedBecause));
    }

    [Fact]
    public async Task AddSemCache_GuardRegisteredBefore_JoinsTheShipped()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("SemCache:Storage:Path", _folder.Path)])
            .Build();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton<IGuard>(Marker(GuardVerdict.Stop))
            .AddSemCache(configuration)
            .AddSemCache(configuration)
            .BuildServiceProvider();

        string[] names = [.. services.GetServices<IGuard>().Select(guard => guard.Name).Order(StringComparer.Ordinal)];

        Assert.Equal(
            GuardSet.Shipped.Select(guard => guard.Name).Append("marker").Order(StringComparer.Ordinal), names);
        SemanticCache cache = services.GetRequiredService<SemanticCache>();
        Assert.Equal("True", cache.EffectiveOptions["NamespaceDefaults:Guards:marker"]);
    }

    [Theory]
    [InlineData("Marker", "lower-case")]
    [InlineData("", "lower-case")]
    [InlineData("a_name_of_more_than_thirty_two_le", "1 to 32")]
    public void Start_GuardWithoutAName_SaysWhatIsAllowed(string name, string expected) =>
        AssertRefused([new MarkerGuard(name, "name", GuardVerdict.Stop)], expected);

    [Fact]
    public void Start_TwoGuardsOfOneName_NamesIt() =>
        AssertRefused([Marker(GuardVerdict.Stop), Marker(GuardVerdict.Suspect)], "Two guards have the name marker");

    [Fact]
    public void Start_OptionForAnUnknownGuard_ListsTheKnown() => AssertRefused(
        [Marker(GuardVerdict.Stop)], "SemCache:Namespaces:a:Guards:marquer is no guard (allowed: ",
        ("Namespaces:a:Guards:marquer", "false"));

    [Fact]
    public void Start_OptionThatIsNoSwitch_NamesTheKey() =>
        AssertRefused(
        [Marker(GuardVerdict.Stop)], "SemCache:NamespaceDefaults:Guards:marker is 'perhaps' (allowed: true or false)",
        ("NamespaceDefaults:Guards:marker", "perhaps"));

    private static MarkerGuard Marker(GuardVerdict verdict) => new("marker", "name", verdict);

    // All near what is asked, all with the marker, none with the tokens of another.
    private static async Task StoreStoppedAsync(TestCache cache, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string marks = new string('!', i % 4) + new string('?', i / 4 % 4) + new string('.', i / 16);
            await cache.StoreAsync($"{Nearest} {marks}", "wrong");
        }
    }

    private Task<TestCache> StartAsync(IGuard guard, params (string Key, string Value)[] options) =>
        TestCache.StartGuardedAsync(_folder.Path, [guard], options);

    private void AssertRefused(IGuard[] guards, string expected, params (string Key, string Value)[] options)
    {
        CacheStartupException exception = Assert.Throws<CacheStartupException>(
            () => TestCache.CreateGuarded(_folder.Path, guards, null, options));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private sealed class ThrowingGuard : IGuard
    {
        public string Name => "broken";

        public GuardFinding Compare(PromptReading asked, PromptReading stored) =>
            throw new FormatException($"The input string '{asked.Text}' was not in a correct format.");
    }
}
