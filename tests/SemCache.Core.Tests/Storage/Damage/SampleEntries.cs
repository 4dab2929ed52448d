using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Damage;

/// <summary>
/// Two tenants with the same questions and different answers; some replaced, some removed, one partition with a graph, the
/// log over several segments, the first of which was given up.
/// </summary>
internal sealed class SampleEntries
{
    /// <summary>Options of every cache that opens the folder.</summary>
    public static readonly (string Key, string Value)[] Options =
    [
        ("Model:Path", TestModels.Fixture("tiny-bert-mean")),
        ("Storage:PageSize", "65536"),
        ("Storage:SegmentSize", "65536"),
        ("Storage:MemorySize", "262144"),
        ("Limits:MaxPromptBytes", "1024"),
        ("Limits:MaxMessages", "4"),
        ("Limits:MaxResponseBytes", "4096"),
        ("Limits:MaxScopeBytes", "512"),
        ("Limits:MaxTags", "2"),
        ("Limits:MaxTagBytes", "32"),
        ("Index:ProbeInterval", "00:00:00"),
        ("NamespaceDefaults:Index:FlatEntries", "64"),
        ("NamespaceDefaults:MinThreshold", "-1"),
    ];

    private const int Questions = 90;
    private const int MaxFiller = 2_000;
    private const int Page = 65_536;

    private static readonly int[] _versions = [1, 2];
    private static readonly string[] _words =
        ["city", "house", "country", "water", "school", "year", "people", "home", "day", "world"];

    // By tenant and question: the last version; null where it was removed, absent where nothing was ever stored.
    private readonly Dictionary<(string Tenant, int Question), int?> _stored = [];

    // What was ever stored, by tenant, question and version.
    private readonly Dictionary<(string Tenant, int Question, int Version), string> _responses = [];

    /// <summary>Every question of every tenant that something was ever stored for.</summary>
    public IEnumerable<(string Tenant, int Question)> Keys => _stored.Keys;

    /// <summary>Fills an empty folder.</summary>
    public async Task FillAsync(string folder)
    {
        await using TestCache cache = await TestCache.StartAsync(folder, null, Options);
        await GiveUpFirstSegmentAsync(cache);
        for (int question = 0; question < Questions; question++)
        {
            await StoreAsync(cache, "first", question, version: 1);
            if (question % 4 == 0)
            {
                await StoreAsync(cache, "second", question, version: 1);
            }
        }

        for (int question = 0; question < Questions; question += 7)
        {
            await StoreAsync(cache, "first", question, version: 2);
            await cache.Cache.InvalidateAsync(new InvalidateFilter
            {
                Namespace = "first",
                Prompt = Prompt.FromText(Text(question + 1)),
            });
            _stored[("first", question + 1)] = null;
        }
    }

    public static string Text(int question) =>
        $"what is the {_words[question % 10]} of the {_words[question / 10]}";

    /// <summary>Whether a lookup's outcome is the one of the undamaged folder.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">What was served was never stored for this question of this tenant.</exception>
    public bool IsAsStored((string Tenant, int Question) key, LookupResult result)
    {
        int? expected = _stored[key];
        if (result.Outcome != LookupOutcome.ExactHit)
        {
            AssertOf(key.Tenant, result);
            return expected is null && result.MissReason != MissReason.Unreadable;
        }

        string text = result.Entry!.Response.Text;
        Assert.Contains(text, _versions.Select(version => ResponseOf(key, version)));
        return expected is { } current && text == ResponseOf(key, current);
    }

    /// <summary>A response that was served by meaning must be one of the tenant's, whole.</summary>
    public void AssertOf(string tenant, LookupResult result)
    {
        if (result.Entry is { } entry)
        {
            Assert.Contains(
                entry.Response.Text, _responses.Where(stored => stored.Key.Tenant == tenant).Select(stored => stored.Value));
        }
    }

    private static async Task GiveUpFirstSegmentAsync(TestCache cache)
    {
        EntryLog log = cache.Cache.Require().Log;
        for (int i = 0; log.TailSegment == 0; i++)
        {
            await cache.StoreAsync(Text(i % Questions), new string('-', MaxFiller), "given-up");
        }

        await cache.Cache.InvalidateAsync(new InvalidateFilter { Namespace = "given-up", EntireNamespace = true });
        log.TruncateBefore(log.BeginAddress + Page);
    }

    private async Task StoreAsync(TestCache cache, string tenant, int question, int version)
    {
        string response = NewResponse(tenant, question, version);
        await cache.StoreAsync(Text(question), response, tenant, ("user", tenant));
        _responses.Add((tenant, question, version), response);
        _stored[(tenant, question)] = version;
    }

    private string? ResponseOf((string Tenant, int Question) key, int version) =>
        _responses.GetValueOrDefault((key.Tenant, key.Question, version));

    private static string NewResponse(string tenant, int question, int version)
    {
        var random = new Random((tenant.Length * 1000) + (question * 10) + version);
        return $"{tenant} {question} {version} "
            + string.Concat(Enumerable.Range(0, random.Next(MaxFiller)).Select(_ => (char)random.Next(' ', '~')));
    }
}
