using Microsoft.Extensions.Logging;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Configuration;

public sealed class OptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Limits:MaxTags", "-1", "0 to 10000")]
    [InlineData("Limits:MaxConcurrentSearches", "0", "1 to 100000")]
    [InlineData("Limits:MaxConcurrentStreams", "0", "1 to 100000")]
    [InlineData("Limits:SearchWait", "00:00:00", "00:00:00.0010000 to 00:01:00")]
    [InlineData("NamespaceDefaults:Threshold", "1.5", "-1 to 1")]
    [InlineData("NamespaceDefaults:Threshold", "NaN", "-1 to 1")]
    [InlineData("Namespaces:a:Ttl", "400.00:00:00", "365.00:00:00")]
    [InlineData("Namespaces:a b:Threshold", "0.9", "A-Z a-z 0-9")]
    [InlineData("NamespaceDefaults:MaxErrorRate", "1.5", "0 to 1")]
    [InlineData("NamespaceDefaults:MaxErrorRate", "NaN", "0 to 1")]
    [InlineData("Namespaces:a:MaxErrorRate", "-0.1", "0 to 1")]
    [InlineData("Namespaces:a:Guards:nimber", "false", "date, version, number")]
    [InlineData("Model:VerifierTimeout", "00:00:00", "00:00:00.0010000 to 00:01:00")]
    [InlineData("NamespaceDefaults:Index:M", "3", "4 to 64")]
    [InlineData("Namespaces:a:Index:M", "65", "4 to 64")]
    [InlineData("Namespaces:a:Index:EfConstruction", "15", "16 to 2000")]
    [InlineData("NamespaceDefaults:Index:EfSearch", "5000", "8 to 4096")]
    [InlineData("NamespaceDefaults:Index:FlatEntries", "63", "64 to 10000000")]
    [InlineData("Index:Threads", "0", "1 to 1024")]
    [InlineData("Index:MaxBacklog", "63", "64 to 10000000")]
    [InlineData("Index:ProbeInterval", "00:00:00.001", "00:00:00.0100000 to 01:00:00, or 00:00:00 for never")]
    [InlineData("Index:ProbeInterval", "01:00:01", "00:00:00.0100000 to 01:00:00, or 00:00:00 for never")]
    [InlineData("Storage:PageSize", "100000", "a power of two")]
    [InlineData("Storage:MemorySize", "4194304", "16777216")]
    [InlineData("Storage:MemoryBudget", "1000000", "67108864 to")]
    [InlineData("Storage:HotResponseShare", "0.95", "0 to 0.9")]
    [InlineData("Namespaces:a:DiskBudget", "1000", "1048576 to")]
    [InlineData("Storage:Durability", "Often", "Durability")]
    [InlineData("Storage:CommitInterval", "00:00:00", "00:00:00.0010000 to 00:01:00")]
    [InlineData("Limits:MaxResponseBytes", "8000000", "at least")]
    [InlineData("Storage:SnapshotInterval", "00:00:00.5", "00:00:01 to 1.00:00:00")]
    [InlineData("Storage:SnapshotInterval", "1.00:00:01", "00:00:01 to 1.00:00:00")]
    [InlineData("Model:Path", " ", "the path of a folder")]
    [InlineData("Treshold", "0.9", "no such option: SemCache:Treshold.")]
    [InlineData("Limits:MaxTag", "5", "no such option: SemCache:Limits:MaxTag.")]
    [InlineData("Storage:SnapshotInterval", "30", "is 30.00:00:00 (30 days) (allowed: 00:00:01 to 1.00:00:00 (1 day))")]
    [InlineData("Storage:CommitInterval", "soon", "SemCache:Storage:CommitInterval is 'soon' (allowed: a time as hours")]
    [InlineData("Storage:MemoryBudget", "2GB", "SemCache:Storage:MemoryBudget is '2GB' (allowed: a whole number).")]
    [InlineData("Namespaces:a:Threshold", "high", "SemCache:Namespaces:a:Threshold is 'high' (allowed: a number).")]
    [InlineData("Namespaces:a:Eviction", "best", "Namespaces:a:Eviction is 'best' (allowed: ")]
    [InlineData("Namespaces:a:Guards:date", "no", "is 'no' (allowed: true or false)")]
    public void Start_WrongOption_NamesKeyAndAllowedRange(string key, string value, string expected)
    {
        CacheStartupException exception = Assert.Throws<CacheStartupException>(
            () => TestCache.Create(_folder.Path, null, (key, value)));
        Assert.Contains(key.Split(':')[0], exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SemCache.Core", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_BoundBelowTheModelsThreshold_NamesKeyAndAllowedRange()
    {
        await using TestCache cache = TestCache.Create(_folder.Path, null, ("Namespaces:a:MaxThreshold", "0.5"));
        CacheStartupException exception = Assert.Throws<CacheStartupException>(cache.Cache.Open);
        Assert.Contains("SemCache:Namespaces:a:MaxThreshold is 0.5", exception.Message, StringComparison.Ordinal);
        Assert.Contains("0.96 to 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithoutAModel_LeavesTheFolderToWhoComesNext()
    {
        string nowhere = Path.Combine(_folder.Path, "no-model");
        string data = Path.Combine(_folder.Path, "data");
        await using (TestCache cache = TestCache.Create(data, null, ("Model:Path", nowhere)))
        {
            CacheStartupException exception = Assert.Throws<CacheStartupException>(cache.Cache.Open);
            Assert.Contains(nowhere, exception.Message, StringComparison.Ordinal);
        }

        await using TestCache next = await TestCache.StartAsync(data);
        Assert.True(next.Cache.IsReady);
    }

    [Fact]
    public void Start_MemoryBudgetThatLeavesNothingForEntries_SaysWhatTakesIt()
    {
        CacheStartupException exception = Assert.Throws<CacheStartupException>(() => TestCache.Create(
            _folder.Path, null, ("Storage:MemoryBudget", $"{64 << 20}"), ("Storage:HotResponseShare", "0.5")));
        Assert.Contains("SemCache:Storage:MemoryBudget", exception.Message, StringComparison.Ordinal);
        Assert.Contains("HotResponseShare and MemorySize leave 0 for entries", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_SeveralMistakes_NamesAllOfThem()
    {
        CacheStartupException exception = Assert.Throws<CacheStartupException>(() => TestCache.Create(
            _folder.Path, null, ("Limits:MaxTags", "-1"), ("NamespaceDefaults:Threshold", "2"), ("Model:Workers", "0")));
        Assert.Contains("MaxTags", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Threshold", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Workers", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_ChangedThreshold_AppliesToTheNextLookup()
    {
        await using TestCache cache = await TestCache.StartAsync(_folder.Path);
        await cache.StoreAsync("What is the capital of France?", "Paris", "team");
        Assert.Equal(LookupOutcome.Miss, (await cache.LookupAsync("Tell me France's capital city", "team")).Outcome);

        cache.Configuration["SemCache:Namespaces:Team:Threshold"] = "0.85";
        cache.Configuration.Reload();

        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync("Tell me France's capital city", "team")).Outcome);
    }

    [Theory]
    [InlineData("Threshold", "5")]
    [InlineData("MaxThreshold", "0.5")]
    [InlineData("MaxErrorRate", "1 %")]
    [InlineData("Guards:nimber", "false")]
    [InlineData("Index:EfSearch", "7")]
    public async Task Reload_WrongValue_KeepsTheLastSoundOptionsAndSaysSo(string option, string value)
    {
        await using TestCache cache = await TestCache.StartAsync(
            _folder.Path, null, ("NamespaceDefaults:Threshold", "0.85"));
        await cache.StoreAsync("What is the capital of France?", "Paris");

        cache.Configuration["SemCache:NamespaceDefaults:" + option] = value;
        cache.Configuration.Reload();

        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync("Tell me France's capital city")).Outcome);
        Assert.Contains(option, Assert.Single(cache.Logs.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EffectiveOptions_OfAConfiguredNamespace_AreResolved()
    {
        await using TestCache cache = TestCache.Create(
            _folder.Path,
            null,
            ("Namespaces:team:Threshold", "0.9"),
            ("Namespaces:team:Index:M", "24"),
            ("NamespaceDefaults:Index:EfSearch", "100"),
            ("Index:ProbeInterval", "00:00:00"));
        IReadOnlyDictionary<string, string> options = cache.Cache.EffectiveOptions;
        Assert.Equal("0.9", options["Namespaces:team:Threshold"]);
        Assert.Equal("0.9", options["Namespaces:team:MinThreshold"]);
        Assert.Equal("stop", options["Namespaces:team:AdmittedFinishReasons"]);
        Assert.Equal(_folder.Path, options["Storage:Path"]);
        Assert.Equal("24", options["Namespaces:team:Index:M"]);
        Assert.Equal("100", options["Namespaces:team:Index:EfSearch"]);
        Assert.Equal("16", options["NamespaceDefaults:Index:M"]);
        Assert.Equal("200", options["NamespaceDefaults:Index:EfConstruction"]);
        Assert.Equal("4096", options["NamespaceDefaults:Index:FlatEntries"]);
        Assert.Equal("10000", options["Index:MaxBacklog"]);
        Assert.Equal("00:00:00", options["Index:ProbeInterval"]);
        Assert.Equal("none", options["Namespaces:team:DiskBudget"]);
    }

    [Fact]
    public async Task EffectiveOptions_BudgetsThatNobodySet_SayWhatIsInForce()
    {
        await using TestCache cache = await TestCache.StartAsync(_folder.Path, null, ("Storage:DiskBudget", "17179869184"));
        IReadOnlyDictionary<string, string> options = cache.Cache.EffectiveOptions;
        Assert.Equal($"automatic: {cache.Cache.BudgetStats.MemoryBudget}", options["Storage:MemoryBudget"]);
        Assert.Equal("17179869184", options["Storage:DiskBudget"]);
    }
}
