using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Eviction;

/// <summary>What stores and lookups leave behind that come to nothing.</summary>
public sealed class RefusedStoreTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stores_ThatDoNotFitABudget_LeaveNoNamespaceBehind()
    {
        await using TestCache cache = await TestCache.StartAsync(
            _folder.Path, null, ("NamespaceDefaults:DiskBudget", $"{MiB}"), ("Limits:MaxResponseBytes", $"{2 * MiB}"));
        long memory = cache.Cache.BudgetStats.Memory;
        for (int i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<LimitReachedException>(() => cache.StoreAsync("What?", new string('r', (int)MiB), $"n{i}"));
        }

        Assert.Empty(cache.Cache.GetStats());
        Assert.Equal(memory, cache.Cache.BudgetStats.Memory);
    }

    [Fact]
    public async Task Stores_ThatTheLogRefuses_LeaveNoPartitionBehind()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory);
        device().Fail(DeviceError.NoSpace);
        await Assert.ThrowsAsync<LimitReachedException>(() => cache.StoreAsync("What is the capital of France?", "Paris"));
        long memory = cache.Cache.BudgetStats.Memory;
        for (int i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<LimitReachedException>(() => cache.StoreAsync("What?", "That", $"n{i}"));
        }

        Assert.Equal(1, cache.Cache.GetStats().Sum(ns => ns.Partitions));
        Assert.Equal(memory, cache.Cache.BudgetStats.Memory);
        device().Heal();
    }

    [Fact]
    public async Task Lookups_InNamespacesThatHoldNothing_TakeNoMemoryOfTheBudget()
    {
        await using TestCache cache = await TestCache.StartAsync(_folder.Path);
        await cache.StoreAsync("What is the capital of France?", "Paris", "a");
        long memory = cache.Cache.BudgetStats.Memory;
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(LookupOutcome.Miss, (await cache.LookupAsync("What?", $"invented{i}")).Outcome);
        }

        Assert.Equal(memory, cache.Cache.BudgetStats.Memory);
        Assert.Equal(1, Assert.Single(cache.Cache.GetStats("invented7")).Lookups);
        await cache.LookupAsync("What?", "a");
        Assert.NotEqual(default, Assert.Single(cache.Cache.GetStats("a")).LookupLatency);
    }

    [Fact]
    public async Task Stores_ThatWait_TakeHalfOfThePlacesAtTheMost()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory, ("Limits:MaxConcurrentStores", "4"));
        string response = new('r', 300_000);
        foreach (string ns in (string[])["a", "b", "c"])
        {
            for (int i = 0; i < 5; i++)
            {
                await cache.StoreAsync($"What is {i} plus {i * 7}?", response, ns);
            }
        }

        // Nothing can be evicted.
        device().Fail(DeviceError.NoSpace);
        await Assert.ThrowsAsync<LimitReachedException>(() => cache.StoreAsync("What?", "That", "d"));
        cache.Configuration["SemCache:NamespaceDefaults:DiskBudget"] = $"{MiB}";
        cache.Configuration.Reload();
        Task<Guid> first = cache.StoreAsync("Where?", "There", "a");
        Task<Guid> second = cache.StoreAsync("Where?", "There", "b");
        await UntilAsync(() => WaitingIn("a") + WaitingIn("b") == 2);
        LimitReachedException refused = await Assert.ThrowsAsync<LimitReachedException>(
            () => cache.StoreAsync("Where?", "There", "c"));
        Assert.Contains("SemCache:Limits:MaxConcurrentStores", refused.Message, StringComparison.Ordinal);
        device().Heal();
        Assert.NotEqual(await first, await second);
        await cache.StoreAsync("Where?", "There", "c");

        int WaitingIn(string ns) => cache.Cache.Require().Registry.FindNamespace(ns)!.Waiting;
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
