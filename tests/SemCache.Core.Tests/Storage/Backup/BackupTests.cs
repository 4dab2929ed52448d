using SemCache.Core.Storage;
using SemCache.Core.Storage.Backup;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Backup;

public sealed class BackupTests : IDisposable
{
    private const int Entries = 400;

    private readonly TemporaryFolder _temporary = new();

    private string Source => Path.Combine(_temporary.Path, "source");

    private string Restored => Path.Combine(_temporary.Path, "restored");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Restore_OfABackup_ServesWhatWasThere()
    {
        await using TestCache cache = await FillAsync();
        using MemoryStream archive = await BackUpAsync(cache);

        BackupManifest manifest = await BackupRestore.RunAsync(archive, Restored, TestContext.Current.CancellationToken);

        Assert.Equal(Entries, manifest.Entries);
        Assert.Equal(SmallLog.LogOf(cache).AppendedUntil, manifest.LogAddress);
        Assert.Equal("entries.json", manifest.Files[0].Name);
        Assert.True(manifest.Files.Count > 3, "the log has several segments");
        await using TestCache served = await AssertServedAsync(Restored, Entries);
    }

    [Fact]
    public async Task Backup_OfAnEmptyCache_StartsEmpty()
    {
        await using TestCache cache = await SmallLog.StartAsync(Source);
        using MemoryStream archive = await BackUpAsync(cache);
        await BackupRestore.RunAsync(archive, Restored, TestContext.Current.CancellationToken);
        await using TestCache served = await AssertServedAsync(Restored, 0);
    }

    [Fact]
    public async Task Backup_AfterARestart_ServesWhatWasThere()
    {
        await (await FillAsync()).DisposeAsync();
        await using TestCache cache = await SmallLog.StartAsync(Source);
        using MemoryStream archive = await BackUpAsync(cache);
        await BackupRestore.RunAsync(archive, Restored, TestContext.Current.CancellationToken);
        await using TestCache served = await AssertServedAsync(Restored, Entries);
    }

    [Theory]
    [InlineData("Periodic")]
    [InlineData("None")]
    public async Task Backup_WeakerDurability_HasWhatWasAcknowledgedAllTheSame(string durability)
    {
        await using TestCache cache = await TestCache.StartAsync(
            Source, null, [.. SmallLog.Options, ("Storage:Durability", durability), ("Storage:CommitInterval", "00:00:30")]);
        await cache.StoreAsync(Prompt(0), "response 0");
        using MemoryStream archive = await BackUpAsync(cache);
        await BackupRestore.RunAsync(archive, Restored, TestContext.Current.CancellationToken);
        await using TestCache served = await AssertServedAsync(Restored, 1);
    }

    [Fact]
    public async Task Backup_LogTruncatedWhileItIsWritten_HasWhatWasThereWhenItBegan()
    {
        await using TestCache cache = await FillAsync();
        EntryLog log = SmallLog.LogOf(cache);
        using var archive = new MemoryStream();
        using (CacheBackup backup = await cache.Cache.BeginBackupAsync(TestContext.Current.CancellationToken))
        {
            await cache.StoreAsync("too late", "for this backup");
            log.TruncateBefore(SmallLog.SegmentBytes);
            Assert.False(File.Exists(Path.Combine(Source, "entries.log.0")));
            await backup.WriteToAsync(archive, TestContext.Current.CancellationToken);
        }

        archive.Position = 0;
        await BackupRestore.RunAsync(archive, Restored, TestContext.Current.CancellationToken);
        await using TestCache restored = await AssertServedAsync(Restored, Entries);
        Assert.Equal(LookupOutcome.Miss, (await restored.LookupAsync("too late")).Outcome);
    }

    [Fact]
    public async Task Backup_OfATruncatedLog_BeginsWhereTheLogDoes()
    {
        await using TestCache cache = await FillAsync();
        SmallLog.LogOf(cache).TruncateBefore(SmallLog.SegmentBytes);
        using MemoryStream archive = await BackUpAsync(cache);

        BackupManifest manifest = await BackupRestore.RunAsync(archive, Restored, TestContext.Current.CancellationToken);

        Assert.Equal(SmallLog.SegmentBytes, manifest.BeginAddress);
        Assert.DoesNotContain(manifest.Files, file => file.Name == "entries.log.0");
        Assert.Contains(manifest.Files, file => file.Name == "entries.begin");
    }

    [Theory]
    [InlineData(DeviceError.NoSpace)]
    [InlineData(DeviceError.InputOutput)]
    public async Task Backup_LogCannotBeWritten_HasWhatIsOnTheDiskAndSaysWhatIsLeftOut(uint error)
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestCache cache = await TestCache.StartOnAsync(Source, factory, SmallLog.Options);
        await cache.StoreAsync(Prompt(0), "response 0");
        device().Fail(error);
        await Assert.ThrowsAnyAsync<Exception>(() => cache.StoreAsync(Prompt(1), "response 1"));

        using MemoryStream archive = await BackUpAsync(cache);
        BackupManifest manifest = await BackupRestore.RunAsync(archive, Restored, TestContext.Current.CancellationToken);
        device().Heal();

        Assert.Equal(DeviceError.Describe(error), manifest.Uncommitted);
        Assert.True(manifest.LogAddress < SmallLog.LogOf(cache).AppendedUntil);
        await using TestCache served = await AssertServedAsync(Restored, 1);
    }

    [Fact]
    public async Task BeginBackup_AsManyAsAllowedRun_IsRefusedUntilOneEnds()
    {
        await using TestCache cache = await SmallLog.StartAsync(Source);
        using CacheBackup first = await cache.Cache.BeginBackupAsync(TestContext.Current.CancellationToken);
        using CacheBackup second = await cache.Cache.BeginBackupAsync(TestContext.Current.CancellationToken);

        LimitReachedException refused = await Assert.ThrowsAsync<LimitReachedException>(
            () => cache.Cache.BeginBackupAsync(TestContext.Current.CancellationToken));
        Assert.Equal("2 backups are running", refused.Message);
        Assert.NotNull(refused.RetryAfter);

        first.Dispose();
        first.Dispose();
        using CacheBackup third = await cache.Cache.BeginBackupAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<LimitReachedException>(
            () => cache.Cache.BeginBackupAsync(TestContext.Current.CancellationToken));
    }

    internal static string Prompt(int i) => $"question number {i} about ships";

    /// <summary>A backup, standing at its beginning.</summary>
    internal static async Task<MemoryStream> BackUpAsync(TestCache cache)
    {
        var archive = new MemoryStream();
        using CacheBackup backup = await cache.Cache.BeginBackupAsync(TestContext.Current.CancellationToken);
        await backup.WriteToAsync(archive, TestContext.Current.CancellationToken);
        archive.Position = 0;
        return archive;
    }

    private static async Task<TestCache> AssertServedAsync(string folder, int count)
    {
        TestCache cache = await SmallLog.StartAsync(folder);
        Assert.Equal(count, cache.Cache.GetStats().Sum(ns => ns.Entries));
        for (int i = 0; i < count; i++)
        {
            LookupResult found = await cache.LookupAsync(Prompt(i));
            Assert.Equal((LookupOutcome.ExactHit, $"response {i}"), (found.Outcome, found.Entry!.Response.Text));
        }

        Assert.Empty(cache.Logs.At(Microsoft.Extensions.Logging.LogLevel.Warning));
        Assert.Empty(cache.Logs.At(Microsoft.Extensions.Logging.LogLevel.Error));
        return cache;
    }

    private async Task<TestCache> FillAsync()
    {
        TestCache cache = await SmallLog.StartAsync(Source);
        await Parallel.ForAsync(0, Entries, async (i, _) => await cache.StoreAsync(Prompt(i), $"response {i}"));
        return cache;
    }
}
