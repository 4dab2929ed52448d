using SemCache.Core.Eviction;
using SemCache.Core.Partitions;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Eviction;

/// <summary>What budgets come to.</summary>
public sealed class BudgetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 1000, false)]
    [InlineData(700, 300, false)]
    [InlineData(750, 250, false)]
    [InlineData(751, 250, true)]
    [InlineData(100_000, 250, true)]
    public void LogDisk_BesideSnapshots_IsWhatTheyLeaveAndAQuarterAtTheLeast(long snapshots, long log, bool isCrowded)
    {
        var budgets = new Budgets(new StorageOptions(), new Holdings(), new SegmentUsage(1 << 20), memory: 1 << 30, disk: 1000)
        {
            SnapshotBytes = snapshots,
        };
        Assert.Equal((log, isCrowded), (budgets.LogDisk, budgets.IsCrowded));
        Assert.Equal((long)(log * 0.6), budgets.ServerDisk.Allowed);
    }

    [Fact]
    public void SnapshotSizes_OfAFolder_AreThoseOfItsFinishedSnapshots()
    {
        Assert.Equal(default, SnapshotSizes.Measure(_folder.Path));
        Write("entries.snapshot", 100);
        Write("entries.snapshot.new", 10_000);
        Write("foreign.tar", 10_000);
        Write("entries.log.0", 10_000);
        Write("graphs/00ff.graph", 70);
        Write("graphs/00fe.graph", 20);
        Write("graphs/00ff.graph.new", 10_000);
        Assert.Equal(new SnapshotSizes(190, 100), SnapshotSizes.Measure(_folder.Path));
    }

    [Fact]
    public void Open_WithADefaultBudgetThatLeavesNothingForEntries_SaysWhatTakesIt()
    {
        TestCache cache = TestCache.Create(_folder.Path, null, ("Storage:MemorySize", $"{1L << 40}"));
        CacheStartupException refused = Assert.Throws<CacheStartupException>(cache.Cache.Open);
        Assert.Contains("SemCache:Storage:MemoryBudget", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MemorySize", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OfALogWithLargerSegmentsThanTheDiskBudgetHasRoomFor_IsRefused()
    {
        await using (await TestCache.StartAsync(_folder.Path, null, ("Storage:SegmentSize", $"{8 << 20}")))
        {
        }

        await using TestCache cache = TestCache.Create(
            _folder.Path, null, ("Storage:SegmentSize", $"{4 << 20}"), ("Storage:DiskBudget", $"{40 << 20}"));
        CacheStartupException refused = Assert.Throws<CacheStartupException>(cache.Cache.Open);
        Assert.Contains("SemCache:Storage:DiskBudget", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"at least {64 << 20}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_OfTheServersBudgets_ChangesNothingBeforeTheNextStart()
    {
        await using TestCache cache = await TestCache.StartAsync(_folder.Path);
        await cache.StoreAsync("What is the capital of France?", "Paris");
        BudgetStats before = cache.Cache.BudgetStats;
        cache.Configuration["SemCache:Storage:MemoryBudget"] = $"{512 << 20}";
        cache.Configuration["SemCache:Storage:DiskBudget"] = $"{1L << 40}";
        cache.Configuration["SemCache:Storage:MemorySize"] = $"{256 << 20}";
        cache.Configuration.Reload();
        Assert.Equal(before, cache.Cache.BudgetStats);
    }

    private void Write(string name, int bytes)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[bytes]);
    }
}
