using SemCache.Core.Diagnostics;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Eviction;

/// <summary>Budgets of a whole cache.</summary>
public sealed class BudgetTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stores_BeyondTheNamespacesDiskBudget_EvictItsOwnAndNobodyElses()
    {
        await using TestCache cache = await TestCache.StartAsync(
            _folder.Path, null, ("Namespaces:small:DiskBudget", $"{MiB}"));
        await StoreAsync(cache, "other", 0, 20, 20_000);
        await StoreAsync(cache, "small", 0, 200, 20_000);
        await UntilAsync(() => Of(cache, "small").Bytes <= MiB);
        Assert.InRange(Of(cache, "small").Bytes, MiB / 2, MiB);
        Assert.Equal(200, Of(cache, "small").Entries + Of(cache, "small").Evicted);
        Assert.Equal((20, 0), (Of(cache, "other").Entries, Of(cache, "other").Evicted));
    }

    [Fact]
    public async Task Stores_BeyondTheNamespacesMemoryBudget_EvictUntilItIsKept()
    {
        await using TestCache cache = await TestCache.StartAsync(
            _folder.Path, null, ("Namespaces:small:MemoryBudget", $"{MiB}"));
        // Tags make entries large, in memory, that are soon stored.
        string[] tags = [.. Enumerable.Range(0, 60).Select(i => new string((char)('a' + (i % 26)), 240) + i)];
        await StoreAsync(cache, "small", 0, 200, 10, tags);
        await UntilAsync(() => Of(cache, "small").MemoryBytes <= MiB);
        Assert.InRange(Of(cache, "small").Entries, 10, 60);
        Assert.InRange(Of(cache, "small").MemoryBytes, MiB / 2, MiB);
    }

    [Fact]
    public async Task Evicted_AfterARestart_StayGoneAndTheOthersAreThere()
    {
        Guid[] kept;
        await using (TestCache cache = await TestCache.StartAsync(
            _folder.Path, null, ("Namespaces:small:DiskBudget", $"{MiB}")))
        {
            await StoreAsync(cache, "small", 0, 100, 20_000);
            await UntilAsync(() => Of(cache, "small").Bytes <= MiB);
            kept = [.. cache.Cache.Export("small").Select(entry => entry.EntryId)];
        }

        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Equal(kept, again.Cache.Export("small").Select(entry => entry.EntryId));
    }

    [Fact]
    public async Task Stores_BeyondTheServersDiskBudget_EvictOfEveryNamespaceByItsShare()
    {
        await using TestCache cache = await TestCache.StartAsync(
            _folder.Path,
            null,
            ("Storage:PageSize", "65536"),
            ("Storage:MemorySize", "262144"),
            ("Storage:SegmentSize", "131072"),
            ("Storage:DiskBudget", $"{2 * MiB}"),
            ("Storage:LiveRatio", "0.5"),
            ("Limits:MaxPromptBytes", "8192"),
            ("Limits:MaxMessages", "100"),
            ("Limits:MaxResponseBytes", "8192"),
            ("Limits:MaxScopeBytes", "1024"),
            ("Limits:MaxTags", "8"));
        for (int i = 0; i < 150; i++)
        {
            await StoreAsync(cache, "dear", i, 2, 6000, cost: 1e20);
            await StoreAsync(cache, "cheap", i, 1, 6000, cost: 0);
        }

        await UntilAsync(() => cache.Cache.BudgetStats.LiveDisk <= MiB);
        // The lengths in front of records count too.
        long records = Of(cache, "dear").Bytes + Of(cache, "cheap").Bytes;
        Assert.InRange(cache.Cache.BudgetStats.LiveDisk, records, records * 1.02);
        // What a tenant claims gains nothing over another: both lose, as much as they hold.
        Assert.InRange(Of(cache, "cheap").Evicted, 20, 140);
        Assert.InRange(Of(cache, "dear").Evicted, 20, 140);
    }

    [Fact]
    public async Task Reload_OfALowerBudget_EvictsAtOnce()
    {
        await using TestCache cache = await TestCache.StartAsync(_folder.Path);
        await StoreAsync(cache, "a", 0, 100, 20_000);
        Assert.Equal(0, Of(cache, "a").Evicted);
        cache.Configuration["SemCache:NamespaceDefaults:DiskBudget"] = $"{MiB}";
        cache.Configuration.Reload();
        await UntilAsync(() => Of(cache, "a").Bytes <= MiB);
        Assert.InRange(Of(cache, "a").Entries, 30, 60);
    }

    [Fact]
    public async Task Store_OfAnEntryThatIsMoreThanABudget_IsRefusedAndNamesTheOption()
    {
        await using TestCache cache = await TestCache.StartAsync(
            _folder.Path, null, ("Namespaces:small:DiskBudget", $"{MiB}"), ("Limits:MaxResponseBytes", $"{2 * MiB}"));
        await StoreAsync(cache, "small", 0, 5, 20_000);
        LimitReachedException refused = await Assert.ThrowsAsync<LimitReachedException>(
            () => StoreAsync(cache, "small", 100, 1, (int)MiB));
        Assert.Contains("SemCache:Namespaces:small:DiskBudget", refused.Message, StringComparison.Ordinal);
        Assert.Null(refused.RetryAfter);
        Assert.Equal(5, Of(cache, "small").Entries);
    }

    [Fact]
    public async Task HitEntries_WhenOthersComeAndGo_Stay()
    {
        await using TestCache cache = await TestCache.StartAsync(
            _folder.Path, null, ("Namespaces:small:DiskBudget", $"{MiB}"));
        await StoreAsync(cache, "small", 0, 5, 20_000);
        for (int turn = 0; turn < 20; turn++)
        {
            for (int i = 0; i < 5; i++)
            {
                LookupResult hit = await cache.LookupAsync(Text(i), "small");
                Assert.Equal(LookupOutcome.ExactHit, hit.Outcome);
            }

            await StoreAsync(cache, "small", 100 + (turn * 10), 10, 20_000);
        }

        Assert.InRange(Of(cache, "small").Evicted, 100, 205);
    }

    private static NamespaceStats Of(TestCache cache, string ns) => Assert.Single(cache.Cache.GetStats(ns));

    // Different questions: one must not answer another.
    private static string Text(int number) => $"What is {number} plus {number * 7}?";

    private static async Task StoreAsync(
        TestCache cache, string ns, int first, int count, int responseBytes, string[]? tags = null, double cost = 0)
    {
        string response = new('r', responseBytes);
        for (int i = first; i < first + count; i++)
        {
            await cache.Cache.StoreAsync(new StoreCommand
            {
                Namespace = ns,
                Prompt = Prompt.FromText(Text(i)),
                Response = CachedResponse.FromText(response),
                Tags = tags ?? [],
                Usage = cost > 0 ? new Usage(Cost: cost) : null,
            });
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (int i = 0; i < 1000 && !holds(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(holds());
    }
}
