using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Compaction;

public sealed class CompactedCacheTests : IDisposable
{
    private const long SegmentSize = 128 << 10;

    private static readonly (string Key, string Value)[] _options =
    [
        ("Storage:PageSize", "65536"),
        ("Storage:MemorySize", "262144"),
        ("Storage:SegmentSize", $"{SegmentSize}"),
        ("Storage:DiskBudget", $"{8 * SegmentSize}"),
        ("Storage:Durability", "None"),
        ("Limits:MaxPromptBytes", "2048"),
        ("Limits:MaxMessages", "2"),
        ("Limits:MaxResponseBytes", "4096"),
        ("Limits:MaxScopeBytes", "2048"),
        ("Limits:MaxScopeAttributes", "8"),
        ("Limits:MaxTags", "2"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cache_RepliesAreReplacedForEver_FolderStaysSmallAndNothingIsMissed()
    {
        await using (TestCache cache = await TestCache.StartAsync(_folder.Path, null, _options))
        {
            await cache.StoreAsync("What is the capital of France?", "Paris");
            int i = 0;
            while (Compacted() < 20)
            {
                await cache.StoreAsync($"entry {i++ % 10}", $"{i} {new string('x', 4000)}");
                await AssertServesAsync(cache);
            }

            for (int wait = 0; FileBytes() > 4 * SegmentSize && wait < 1000; wait++)
            {
                await Task.Delay(20);
            }

            Assert.True(FileBytes() <= 4 * SegmentSize, $"{FileBytes()} bytes");
        }

        await using TestCache again = await TestCache.StartAsync(_folder.Path, null, _options);
        await AssertServesAsync(again);
        Assert.Equal(11, again.Cache.GetStats("default").Single().Entries);
    }

    private static async Task AssertServesAsync(TestCache cache)
    {
        LookupResult exact = await cache.LookupAsync("What is the capital of France?");
        Assert.Equal(LookupOutcome.ExactHit, exact.Outcome);
        Assert.Equal("Paris", exact.Entry!.Response.Text);
        LookupResult similar = await cache.LookupAsync("What's the capital of France");
        Assert.Equal(LookupOutcome.SemanticHit, similar.Outcome);
    }

    private long Compacted() => Directory.GetFiles(_folder.Path, "entries.log.*")
        .Select(path => long.Parse(Path.GetExtension(path).AsSpan(1), System.Globalization.CultureInfo.InvariantCulture))
        .DefaultIfEmpty()
        .Min();

    // One may be deleted meanwhile.
    private long FileBytes() => Directory.GetFiles(_folder.Path, "entries.log.*")
        .Sum(path => new FileInfo(path) is { Exists: true } file ? file.Length : 0);
}
