using Microsoft.Extensions.Logging;
using SemCache.Core.Eviction;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Eviction;

/// <summary>The evictor over a log, without a cache around it.</summary>
public sealed class EvictorTests : IDisposable
{
    private const long Unbounded = 1L << 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Turn_ThatFails_IsFollowedByOthers()
    {
        await using TestLog log = TestLog.Open(_folder.Path);
        await using Evictor evictor = EvictorOf(log, disk: Unbounded);
        for (int i = 0; i < 20; i++)
        {
            await log.StoreAsync(0, i, new string('r', 1000));
        }

        log.Settings = () => throw new InvalidOperationException("of the test");
        evictor.Start();
        evictor.Wake();
        await UntilAsync(() => log.Logs.At(LogLevel.Error).Any());
        log.Settings = () => TestSettings.Of(IndexSettings.Default) with { DiskBudget = 10_000 };
        evictor.Wake();
        CacheNamespace ns = Assert.Single(log.Registry.Namespaces);
        await UntilAsync(() => ns.Disk.Bytes <= 10_000);
        Assert.InRange(ns.EntryCount, 3, 10);
    }

    [Fact]
    public async Task WaitForRoom_WhileTheLogIsTooLongAndCanBeCompacted_EndsWhenItIs()
    {
        const long Disk = 4 * TestLog.SegmentSize;
        await using TestLog log = TestLog.Open(_folder.Path);
        await using Evictor evictor = EvictorOf(log, Disk);
        // The same entry again and again: what is live is next to nothing.
        for (int i = 0; log.Log.Bytes <= Disk + (2 * TestLog.SegmentSize); i++)
        {
            Assert.False(evictor.MustWait(null));
            await log.StoreAsync(0, 0, new string('r', 10_000));
        }

        Assert.True(evictor.MustWait(null));
        Task waiting = evictor.WaitForRoomAsync(null, mostWaiting: 1, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        await log.Compactor.RunAsync(() => Disk, CancellationToken.None);
        Assert.InRange(log.Log.Bytes, 0, Disk);
        await waiting;
    }

    [Fact]
    public async Task WaitForRoom_OfMoreStoresThanMay_RefusesAndNamesTheOption()
    {
        await using TestLog log = TestLog.Open(_folder.Path);
        await using Evictor evictor = EvictorOf(log, 4 * TestLog.SegmentSize);
        for (int i = 0; !evictor.MustWait(null); i++)
        {
            await log.StoreAsync(0, 0, new string('r', 10_000));
        }

        CacheNamespace ns = Assert.Single(log.Registry.Namespaces);
        LimitReachedException refused = await Assert.ThrowsAsync<LimitReachedException>(
            () => evictor.WaitForRoomAsync(ns, mostWaiting: 0, CancellationToken.None));
        Assert.Contains("SemCache:Storage:DiskBudget", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.RetryAfter);
        Assert.Equal(0, ns.Waiting);
    }

    private static Evictor EvictorOf(TestLog log, long disk) => new(
        log.Log,
        log.Registry,
        new Budgets(log.Options, log.Registry.Holdings, log.Log.Usage, memory: Unbounded, disk),
        TestModels.NewMetrics(),
        TimeProvider.System,
        new LoggerFactory([log.Logs]).CreateLogger<Evictor>());

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (int i = 0; i < 1000 && !holds(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(holds());
    }
}
