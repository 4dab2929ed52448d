using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Compaction;

/// <summary>Segments that go although the device takes nothing.</summary>
public sealed class FullDeviceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_EntriesExpiredWhileTheDeviceIsFull_MakesRoom()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestLog log = TestLog.Open(_folder.Path, devices: factory);
        List<Entry> entries = await FillAsync(log);
        await log.Log.CommitAsync(log.Log.AppendedUntil);
        await FillUpAsync(log, device());
        foreach (Entry entry in entries)
        {
            lock (entry.Partition.Gate)
            {
                entry.Partition.Expire(entry);
            }
        }

        log.Registry.RetireIfEmpty(entries[0].Partition);
        await log.Compactor.RunAsync(() => 1, CancellationToken.None);
        Assert.False(log.Log.Status.IsHealthy);
        Assert.Equal(log.Log.TailSegment, log.Log.FirstSegment);
        Assert.False(File.Exists(_folder.FirstSegment));
        device().Heal();
    }

    [Fact]
    public async Task Run_ReplacedByARecordThatIsNotOnTheDevice_KeepsTheSegment()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestLog log = TestLog.Open(_folder.Path, devices: factory);
        List<Entry> entries = await FillAsync(log);
        foreach (Entry entry in entries.Skip(1))
        {
            await log.RemoveAsync(entry);
        }

        await log.Log.CommitAsync(log.Log.AppendedUntil);
        device().Fail(DeviceError.NoSpace);
        await log.StoreAsync(0, 0, "replaces the one that is left");
        await Assert.ThrowsAsync<LimitReachedException>(() => log.Log.CommitAsync(log.Log.AppendedUntil).AsTask());
        Assert.Equal(0, log.Log.Usage.LiveIn(0));
        await Assert.ThrowsAsync<LimitReachedException>(() => log.Compactor.RunAsync(() => 1, CancellationToken.None));
        Assert.Equal(0, log.Log.FirstSegment);
        using var copies = new TemporaryFolder();
        string crashed = Path.Combine(copies.Path, "crashed");
        log.CopyTo(crashed);
        device().Heal();

        await using TestLog again = TestLog.Open(crashed);
        Assert.StartsWith("0 ", again.ResponseOf(0, 0), StringComparison.Ordinal);
    }

    private static async Task<List<Entry>> FillAsync(TestLog log)
    {
        var entries = new List<Entry>();
        while (log.Log.TailSegment < 3)
        {
            entries.Add(await log.StoreAsync(0, entries.Count, $"{entries.Count} {new string('x', 4000)}"));
        }

        return entries;
    }

    // Something that is not on the device is left, as always when one becomes full.
    private static async Task FillUpAsync(TestLog log, FaultyDevice device)
    {
        device.Fail(DeviceError.NoSpace);
        await log.StoreAsync(1, 0, "waiting");
        await Assert.ThrowsAsync<LimitReachedException>(() => log.Log.CommitAsync(log.Log.AppendedUntil).AsTask());
    }
}
