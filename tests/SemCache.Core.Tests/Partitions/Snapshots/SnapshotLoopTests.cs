using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Partitions.Snapshots;

/// <summary>When the entries of a cache are saved, and what a start makes of that.</summary>
public sealed class SnapshotLoopTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    private string SnapshotPath => Path.Combine(_temporary.Path, EntrySnapshots.FileName);

    [Fact]
    public async Task Interval_LogHasGrown_IsSavedOnce()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync("what is the capital of france", "Paris");
        cache.Time.Advance(TimeSpan.FromMinutes(1));
        await Task.Delay(100);
        Assert.False(File.Exists(SnapshotPath));

        await SavedAsync(cache, 1);
        for (int i = 0; i < 5; i++)
        {
            cache.Time.Advance(TimeSpan.FromMinutes(5));
            await Task.Delay(30);
        }

        Assert.Equal(1, CountSaved(cache));
        await cache.StoreAsync("what is the capital of italy", "Rome");
        await SavedAsync(cache, 2);
    }

    [Fact]
    public async Task Start_AfterACleanStop_ServesBothKindsOfHitsAndKeepsTheNumberOfHits()
    {
        await using (TestCache cache = await StartAsync())
        {
            await cache.StoreAsync("What is the capital of France?", "Paris");
            for (int i = 0; i < 3; i++)
            {
                await cache.LookupAsync("What is the capital of France?");
            }

            Assert.Equal(3, HitsOf(cache));
        }

        await using TestCache again = await StartAsync();
        Assert.Contains(
            again.Logs.At(LogLevel.Information), message => message.StartsWith("Snapshot of 1 entries", StringComparison.Ordinal));
        Assert.Equal(3, HitsOf(again));
        Assert.Equal(LookupOutcome.ExactHit, (await again.LookupAsync("What is the capital of France?")).Outcome);
        Assert.Equal(LookupOutcome.SemanticHit, (await again.LookupAsync("What's the capital of France")).Outcome);
    }

    [Fact]
    public async Task Stop_NoTimeLeft_SavesNothingAndLosesNothing()
    {
        await using (TestCache cache = await StartAsync())
        {
            await cache.StoreAsync("one", "1");
        }

        byte[] before = await File.ReadAllBytesAsync(SnapshotPath);
        await using (TestCache cache = await StartAsync())
        {
            await cache.StoreAsync("two", "2");
            await cache.Cache.StopAsync(new CancellationToken(canceled: true));
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(SnapshotPath));
        Assert.Empty(Directory.GetFiles(_temporary.Path, "*.new"));
        await using TestCache again = await StartAsync();
        Assert.Equal(LookupOutcome.ExactHit, (await again.LookupAsync("one")).Outcome);
        Assert.Equal(LookupOutcome.ExactHit, (await again.LookupAsync("two")).Outcome);
    }

    [Fact]
    public async Task SaveSnapshots_WhileServing_AStopSavesAgainOnlyWhatHasGrown()
    {
        await using TestCache cache = await StartAsync();
        await cache.StoreAsync("one", "1");
        await cache.Cache.SaveSnapshotsAsync(default);
        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync("one")).Outcome);
        await cache.Cache.StopAsync(default);
        Assert.Equal(1, CountSaved(cache));
    }

    [Fact]
    public async Task Start_OtherUnitOfSavings_ReadsTheLogAndSaysWhy()
    {
        await using (TestCache cache = await StartAsync())
        {
            await cache.StoreAsync("one", "1");
        }

        await using TestCache other = await TestCache.StartAsync(
            _temporary.Path, null, ("NamespaceDefaults:Saving", "Tokens"));
        Assert.Contains("Saving", Assert.Single(other.Logs.At(LogLevel.Warning)), StringComparison.Ordinal);
        Assert.Equal(LookupOutcome.ExactHit, (await other.LookupAsync("one")).Outcome);
    }

    [Fact]
    public async Task Interval_LogCannotBeWritten_WritesNothingUntilItCan()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestCache cache = await TestCache.StartOnAsync(_temporary.Path, factory);
        device().Fail(DeviceError.NoSpace);
        await Assert.ThrowsAsync<LimitReachedException>(() => cache.StoreAsync("one", "1"));
        for (int i = 0; i < 10; i++)
        {
            cache.Time.Advance(TimeSpan.FromMinutes(5));
            await Task.Delay(20);
        }

        Assert.Empty(cache.Logs.At(LogLevel.Warning));
        device().Heal();
        await SavedAsync(cache, 1);
    }

    private Task<TestCache> StartAsync() => TestCache.StartAsync(_temporary.Path, null, ("Storage:Durability", "None"));

    private static int HitsOf(TestCache cache) =>
        Assert.Single(cache.Cache.Require().Registry.Partitions.SelectMany(partition => partition.Entries)).Hits;

    private static int CountSaved(TestCache cache) => cache.Logs.At(LogLevel.Information).Count(
        message => message.StartsWith("Snapshot of", StringComparison.Ordinal)
            && message.Contains(" saved: ", StringComparison.Ordinal));

    private static async Task SavedAsync(TestCache cache, int times)
    {
        for (int i = 0; i < 300 && CountSaved(cache) < times; i++)
        {
            cache.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(20);
        }

        Assert.Equal(times, CountSaved(cache));
    }
}
