using System.Globalization;
using Microsoft.Extensions.Logging;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Damage;

/// <summary>
/// A folder damaged at thousands of random places, before it is opened or, one after the other, while it is served from. A wrong
/// response is never served, nothing throws, and what is missing is reported.
/// </summary>
/// <remarks>
/// <c>SEMCACHE_DAMAGE_PLACES</c> is the number of places; <c>SEMCACHE_DAMAGE_SEED</c> repeats a run. What damage to a removal or
/// to a replacement brings back was at least stored for that very prompt: nothing else in the log tells that it is outdated.
/// </remarks>
public sealed class DamageSweepTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int LookupsByMeaning = 4;
    private const int PlacesOfARun = 5;

    private static readonly int _places = FromEnvironment("SEMCACHE_DAMAGE_PLACES") ?? 2_000;
    private static readonly int _seed = FromEnvironment("SEMCACHE_DAMAGE_SEED") ?? Random.Shared.Next();

    private readonly TemporaryFolder _temporary = new();
    private readonly SampleEntries _sample = new();
    private int _refused;
    private int _missing;

    private string Sound => Path.Combine(_temporary.Path, "sound");

    public async ValueTask InitializeAsync() => await _sample.FillAsync(Sound);

    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return default;
    }

    [Fact]
    public async Task Sweep_NoDamage_FindsEverything()
    {
        await using TestCache cache = await StartAsync(Sound);
        Assert.Equal(0, await CountDifferentAsync(cache));
        Assert.Empty(cache.Logs.At(LogLevel.Warning).Concat(cache.Logs.At(LogLevel.Error)));
        Assert.True(Directory.GetFiles(Sound, "entries.log.*").Length >= 3, "The log has too few segments.");
        Assert.True(File.Exists(Path.Combine(Sound, "entries.begin")) && !File.Exists(Path.Combine(Sound, "entries.log.0")));
        Assert.True(File.Exists(Path.Combine(Sound, "entries.snapshot")), "The folder has no snapshot of the entries.");
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Sound, "graphs")));
    }

    [Fact]
    public async Task Sweep_DamageBeforeTheStart_IsReportedAndNeverServed()
    {
        await SweepAsync("before", 1, async (folder, random) =>
        {
            string file = AnyFile(folder, random);
            (string what, bool isCut) = FileDamage.Apply(random, file);
            await using TestCache cache = TestCache.Create(folder, null, SampleEntries.Options);
            try
            {
                await cache.Cache.StartAsync();
            }
            catch (CacheStartupException refusal) when (Path.GetFileName(file) == "entries.json")
            {
                Assert.Contains("entries.json", refusal.Message, StringComparison.Ordinal);
                Interlocked.Increment(ref _refused);
                return;
            }

            int different = await CountDifferentAsync(cache);

            // What is cut off at a border of records leaves no trace.
            Assert.True(different == 0 || isCut || Reported(cache).Any(), $"{different} entries differ, and nothing says so: {what}");
            Interlocked.Add(ref _missing, different);
            await StillWorksAsync(cache);
        });
        Assert.True(_missing > 0 && _refused > 0, "The places were too few to prove anything.");
    }

    [Fact]
    public async Task Sweep_DamageWhileRunning_IsReportedAndNeverServed()
    {
        await SweepAsync("while", PlacesOfARun, async (folder, random) =>
        {
            await using TestCache cache = await StartAsync(folder);
            string all = "";
            int different = 0;
            for (int place = 0; place < PlacesOfARun; place++)
            {
                (string what, _) = FileDamage.Apply(random, AnyFile(folder, random));
                all += $"{what}; ";
                different = await CountDifferentAsync(cache);
                Assert.True(different == 0 || Reported(cache).Any(), $"{different} entries differ, and nothing says so: {all}");
            }

            Interlocked.Add(ref _missing, different);
            await StillWorksAsync(cache);
        });
        Assert.True(_missing > 0, "The places were too few to prove anything.");
    }

    private async Task SweepAsync(string name, int placesOfARound, Func<string, Random, Task> round)
    {
        output.WriteLine($"SEMCACHE_DAMAGE_SEED={_seed}");
        await Parallel.ForAsync(0, _places / 2 / placesOfARound, async (i, _) =>
        {
            string folder = Path.Combine(_temporary.Path, string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"));
            Copy(Sound, folder);
            try
            {
                await round(folder, new Random(unchecked(_seed + i)));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Round {i} of seed {_seed}: {exception.Message}", exception);
            }

            Directory.Delete(folder, recursive: true);
        });
        output.WriteLine($"{_places / 2} places {name}: {_missing} entries missing or older, {_refused} starts refused");
    }

    private static Task<TestCache> StartAsync(string folder) => TestCache.StartAsync(folder, null, SampleEntries.Options);

    private static IEnumerable<string> Reported(TestCache cache) =>
        cache.Logs.At(LogLevel.Warning).Concat(cache.Logs.At(LogLevel.Error));

    private async Task<int> CountDifferentAsync(TestCache cache)
    {
        int different = 0;
        foreach ((string tenant, int question) in _sample.Keys)
        {
            LookupResult result = await cache.LookupAsync(SampleEntries.Text(question), tenant, ("user", tenant));
            different += _sample.IsAsStored((tenant, question), result) ? 0 : 1;
        }

        for (int i = 0; i < LookupsByMeaning; i++)
        {
            LookupResult result = await cache.Cache.LookupAsync(new LookupQuery
            {
                Namespace = "first",
                Scope = new Dictionary<string, string> { ["user"] = "first" },
                Prompt = Prompt.FromText($"what was {SampleEntries.Text(i * 11)}"),
                Threshold = -1,
            });
            _sample.AssertOf("first", result);
        }

        return different;
    }

    private static async Task StillWorksAsync(TestCache cache)
    {
        await cache.StoreAsync("what is new", "something", "first");
        Assert.Equal("something", (await cache.LookupAsync("what is new", "first")).Entry!.Response.Text);
        Assert.Equal(0, cache.Cache.ValidateIndexes().FaultyPartitions);
    }

    private static string AnyFile(string folder, Random random)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file) != "lock" && new FileInfo(file).Length > 0)
                .Order(StringComparer.Ordinal),
        ];
        return files[random.Next(files.Length)];
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static int? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
