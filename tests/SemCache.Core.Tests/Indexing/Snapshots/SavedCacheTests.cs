using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using SemCache.Core.Indexing;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Snapshots;

/// <summary>A cache whose one large partition has a graph, over stops, kills and damage.</summary>
public sealed class SavedCacheTests : IAsyncLifetime
{
    private static readonly int _entries = IndexSettings.Default.FlatEntries + 100;

    private readonly TemporaryFolder _temporary = new();
    private readonly string _folder;

    public SavedCacheTests() => _folder = Path.Combine(_temporary.Path, "running");

    private string Graphs => Path.Combine(_folder, "graphs");

    public async ValueTask InitializeAsync()
    {
        await using TestCache cache = await StartAsync(_folder);
        await Parallel.ForAsync(0, _entries, async (i, _) => await cache.StoreAsync(Text(i), $"answer {i}"));
        await cache.StoreAsync("what is the capital of france", "Paris", "small");
        await SavedAsync(cache, 1);
    }

    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return default;
    }

    [Fact]
    public async Task Start_AfterACleanStop_LoadsTheGraph()
    {
        await using TestCache cache = await StartAsync(_folder);
        Assert.Single(cache.Logs.At(LogLevel.Information), IsLoaded);
        Assert.Empty(cache.Logs.At(LogLevel.Warning));
        await AssertAnswersAsync(cache);
    }

    [Fact]
    public async Task Stop_NothingChanged_SavesNothing()
    {
        string file = Assert.Single(Directory.GetFiles(Graphs));
        await using (TestCache cache = await StartAsync(_folder))
        {
            await AssertAnswersAsync(cache);
        }

        DateTime saved = File.GetLastWriteTimeUtc(file);
        TestCache again = await StartAsync(_folder);
        await again.DisposeAsync();
        Assert.Equal(saved, File.GetLastWriteTimeUtc(file));
        Assert.DoesNotContain(again.Logs.At(LogLevel.Information), IsSaved);
    }

    [Fact]
    public async Task Start_AfterAKill_LoadsTheLastSnapshotAndTheTail()
    {
        string killed = Path.Combine(_temporary.Path, "killed");
        await using (TestCache cache = await StartAsync(_folder, Durability.Commit))
        {
            await ChangeAsync(cache);
            CopyTo(killed);
        }

        await AssertChangedAsync(killed);
    }

    [Fact]
    public async Task Save_LogNotDurableYet_MakesItDurableFirst()
    {
        string killed = Path.Combine(_temporary.Path, "killed");
        await using (TestCache cache = await StartAsync(_folder, Durability.None))
        {
            await ChangeAsync(cache);
            await SavedAsync(cache, 1);
            CopyTo(killed);
        }

        await AssertChangedAsync(killed);
    }

    [Fact]
    public async Task Start_WithoutASnapshot_BuildsTheGraphAnew()
    {
        Directory.Delete(Graphs, recursive: true);
        await using TestCache cache = await StartAsync(_folder);
        Assert.DoesNotContain(cache.Logs.At(LogLevel.Information), IsLoaded);
        await AssertAnswersAsync(cache);
        await SavedAsync(cache, 1);
        Assert.Single(Directory.GetFiles(Graphs));
    }

    [Fact]
    public async Task Start_DamagedSnapshot_SaysSoAndBuildsTheGraphAnew()
    {
        string file = Assert.Single(Directory.GetFiles(Graphs));
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 3] ^= 4;
        await File.WriteAllBytesAsync(file, bytes);
        await using (TestCache cache = await StartAsync(_folder))
        {
            string warning = Assert.Single(cache.Logs.At(LogLevel.Warning));
            Assert.Contains("checksum of its", warning, StringComparison.Ordinal);
            Assert.Contains(Path.GetFileNameWithoutExtension(file), warning, StringComparison.Ordinal);
            Assert.True(File.Exists(file));
            await AssertAnswersAsync(cache);
            await SavedAsync(cache, 1);
        }

        await using TestCache again = await StartAsync(_folder);
        Assert.Single(again.Logs.At(LogLevel.Information), IsLoaded);
        await AssertAnswersAsync(again);
    }

    [Fact]
    public async Task Snapshots_SavedLoadedRejected_AreCounted()
    {
        var counted = new ConcurrentQueue<string>();
        await using (TestCache cache = TestCache.Create(_folder))
        {
            using MeterListener listener = cache.Record("semcache.index.snapshots", counted);
            await cache.Cache.StartAsync();
            await cache.StoreAsync("how can i rent a violin in winter", "in a shop");
            await SavedAsync(cache, 1);
        }

        await File.WriteAllBytesAsync(Assert.Single(Directory.GetFiles(Graphs)), []);
        await using (TestCache cache = TestCache.Create(_folder))
        {
            using MeterListener listener = cache.Record("semcache.index.snapshots", counted);
            await cache.Cache.StartAsync();
        }

        Assert.Equal(["loaded", "saved", "rejected"], counted);
    }

    [Fact]
    public async Task Start_SnapshotAheadOfTheLog_DoesWithoutIt()
    {
        string segment = Path.Combine(_folder, "entries.log.0");
        using (FileStream log = File.OpenWrite(segment))
        {
            log.SetLength(log.Length - 20_000);
        }

        await using TestCache cache = await StartAsync(_folder);
        Assert.Contains(
            cache.Logs.At(LogLevel.Warning), warning => warning.Contains("but the log ends at", StringComparison.Ordinal));
        await AssertAnswersAsync(cache);
    }

    [Fact]
    public async Task Start_LeftoverFiles_DeletesThem()
    {
        string file = Assert.Single(Directory.GetFiles(Graphs));
        File.Copy(file, file + ".new");
        File.Copy(file, Path.Combine(Graphs, new string('a', 32) + ".graph"));
        await using TestCache cache = await StartAsync(_folder);
        Assert.Equal([file], Directory.GetFiles(Graphs));
        Assert.Single(cache.Logs.At(LogLevel.Information), IsLoaded);
    }

    [Fact]
    public async Task Interval_PartitionGone_ItsSnapshotGoes()
    {
        await using TestCache cache = await StartAsync(_folder);
        await cache.Cache.InvalidateAsync(new InvalidateFilter { EntireNamespace = true });
        for (int i = 0; i < 200 && Directory.GetFiles(Graphs).Length > 0; i++)
        {
            cache.Time.Advance(TimeSpan.FromMinutes(5));
            await Task.Delay(50);
        }

        Assert.Empty(Directory.GetFiles(Graphs));
    }

    [Fact]
    public async Task Save_FolderCannotBeMade_IsReportedAndNothingElse()
    {
        Directory.Delete(Graphs, recursive: true);
        await File.WriteAllTextAsync(Graphs, "in the way");
        TestCache cache = await StartAsync(_folder);
        await WaitAsync(cache, () => cache.Logs.At(LogLevel.Warning).Any(IsFailed));
        await AssertAnswersAsync(cache);
        await cache.DisposeAsync();
        Assert.Empty(cache.Logs.At(LogLevel.Error));
    }

    private static readonly string[] _verbs =
    [
        "buy", "sell", "paint", "clean", "repair", "find", "carry", "build", "draw", "lose", "hide", "wash", "open", "weigh",
        "burn", "rent", "move",
    ];

    private static readonly string[] _things =
    [
        "house", "car", "horse", "piano", "letter", "tree", "boat", "clock", "chair", "window", "ring", "shirt", "camera",
        "garden", "book", "cake",
    ];

    private static readonly string[] _places =
    [
        "france", "winter", "the rain", "a hospital", "school", "space", "the army", "prison", "a hurry", "the desert", "china",
        "the morning", "an airport", "a museum", "the mountains", "my sleep",
    ];

    // One text for each of 17 × 16 × 16 combinations.
    private static string Text(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"how can i {_verbs[i % 17]} a {_things[i / 17 % 16]} in {_places[i / (17 * 16)]}");

    private static bool IsLoaded(string message) => IsOfGraph(message, " loaded in ");

    private static bool IsSaved(string message) => IsOfGraph(message, " saved: ");

    private static bool IsFailed(string message) => message.Contains("could not be saved", StringComparison.Ordinal);

    private static bool IsOfGraph(string message, string what) =>
        message.StartsWith("Graph of", StringComparison.Ordinal) && message.Contains(what, StringComparison.Ordinal);

    private static Task<TestCache> StartAsync(string folder, Durability durability = Durability.None) =>
        TestCache.StartAsync(folder, null, ("Storage:Durability", durability.ToString()));

    private static async Task ChangeAsync(TestCache cache)
    {
        await cache.StoreAsync("how can i rent a violin in winter", "in a shop");
        Assert.Equal(1, await cache.Cache.InvalidateAsync(new InvalidateFilter { Prompt = Prompt.FromText(Text(7)) }));
    }

    private static async Task AssertChangedAsync(string folder)
    {
        await using TestCache cache = await StartAsync(folder);
        Assert.Single(cache.Logs.At(LogLevel.Information), IsLoaded);
        await AssertAnswersAsync(cache);
        Assert.NotEqual("answer 7", (await cache.LookupAsync(Text(7))).Entry?.Response.Text);
        LookupResult similar = await cache.LookupAsync("How can I rent a vi\u00f6lin in winter");
        Assert.Equal("in a shop", similar.Entry?.Response.Text);
    }

    private static Task SavedAsync(TestCache cache, int times) =>
        WaitAsync(cache, () => cache.Logs.At(LogLevel.Information).Count(IsSaved) >= times);

    private static async Task WaitAsync(TestCache cache, Func<bool> isDone)
    {
        for (int i = 0; i < 600 && !isDone(); i++)
        {
            cache.Time.Advance(TimeSpan.FromMinutes(5));
            await Task.Delay(50);
        }

        Assert.True(isDone());
    }

    // Nearly all, for a search of a graph may miss one.
    private static async Task AssertAnswersAsync(TestCache cache)
    {
        await WaitAsync(cache, () => cache.Cache.EntriesWithoutVector == 0);
        int found = 0;
        for (int i = 0; i < 200; i++)
        {
            // Another text with the same tokens: found by meaning or not at all.
            string asked = Text(i * 20).Replace("how", "h\u00f6w", StringComparison.Ordinal);
            LookupResult result = await cache.LookupAsync(asked);
            found += result.Outcome == LookupOutcome.SemanticHit && result.Entry!.Response.Text == $"answer {i * 20}" ? 1 : 0;
        }

        Assert.InRange(found, 196, 200);
    }

    private void CopyTo(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "graphs"));
        foreach (string file in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) != "lock" && !file.EndsWith(".new", StringComparison.Ordinal))
            {
                File.Copy(file, Path.Combine(folder, Path.GetRelativePath(_folder, file)));
            }
        }
    }
}
