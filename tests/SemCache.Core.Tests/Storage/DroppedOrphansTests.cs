using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

/// <summary>Entries whose partition nothing names are dropped at a start, whatever the device takes at that moment.</summary>
public sealed class DroppedOrphansTests : IDisposable
{
    private static readonly StorageOptions _options = new()
    {
        PageSize = 64 << 10,
        MemorySize = 256 << 10,
        SegmentSize = 128 << 10,
        ShutdownTimeout = TimeSpan.FromSeconds(1),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DeviceError.NoSpace)]
    [InlineData(DeviceError.InputOutput)]
    public async Task Start_OnADeviceThatTakesNothing_ServesAndNeverBringsThemBack(uint error)
    {
        await using (TestCache cache = await TestCache.StartAsync(_folder.Path))
        {
            await cache.StoreAsync("one", "1", "first");
            await cache.StoreAsync("two", "2", "second");
        }

        byte[] log = await File.ReadAllBytesAsync(_folder.FirstSegment);
        log[log.AsSpan().IndexOf("first"u8)] ^= 1;
        await File.WriteAllBytesAsync(_folder.FirstSegment, log);
        File.Delete(Path.Combine(_folder.Path, EntrySnapshots.FileName));

        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare(device => device.Fail(error));
        await using (TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory))
        {
            Assert.Equal("2", (await cache.LookupAsync("two", "second")).Entry!.Response.Text);
            Assert.Null((await cache.LookupAsync("one", "first")).Entry);
            Assert.Contains(cache.Logs.At(LogLevel.Error), message => message.StartsWith("1 entries", StringComparison.Ordinal));
            device().Heal();
            await UntilAsync(() => cache.Cache.LogStatus.IsHealthy);
            await cache.StoreAsync("three", "3", "first");
            await cache.Cache.InvalidateAsync(new InvalidateFilter { Namespace = "first", EntireNamespace = true });
        }

        File.Delete(Path.Combine(_folder.Path, EntrySnapshots.FileName));
        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Null((await again.LookupAsync("one", "first")).Entry);
        Assert.DoesNotContain(again.Logs.At(LogLevel.Error), message => message.StartsWith("1 entries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AppendFirst_LogThatTakesNothing_StandsInFrontOfWhatComesLater()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        EntryLog log = Open(factory, new RecordingSink());
        await using (log)
        {
            device().Fail(DeviceError.NoSpace);
            Assert.True(log.TryAppend(Remove(log, ids[0]), out LogLocation before));
            await Assert.ThrowsAsync<LimitReachedException>(async () => await log.WaitDurableAsync(before, default));

            Assert.False(log.AppendFirst([Remove(log, ids[1]), Remove(log, ids[2])]));

            device().Heal();
            await UntilAsync(() => log.Status.IsHealthy);
            Assert.True(log.TryAppend(Remove(log, ids[3]), out LogLocation location));
            await log.WaitDurableAsync(location, default);
        }

        var sink = new RecordingSink();
        await using EntryLog again = Open(null, sink);
        Assert.Equal(ids.Select(id => new[] { id }), sink.Removes);
    }

    private static byte[] Remove(EntryLog log, Guid id) => log.Codec.EncodeRemove(1, [id]);

    private EntryLog Open(LogDeviceFactory? factory, RecordingSink sink)
    {
        EntryLog log = EntryLog.Open(
            _folder.Path, _options, 0, TestModels.NewMetrics(), NullLogger<EntryLog>.Instance, factory);
        log.Recover(sink, from: 0, (_, _) => { }, CancellationToken.None);
        return log;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
