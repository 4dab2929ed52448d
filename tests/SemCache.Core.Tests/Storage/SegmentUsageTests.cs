using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

public sealed class SegmentUsageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Usage_AfterAnyOperations_IsWhatTheEntriesTake()
    {
        var random = new Random(1);
        await using (TestLog log = TestLog.Open(_folder.Path))
        {
            for (int i = 0; i < 2000; i++)
            {
                Entry entry = await log.StoreAsync(
                    random.Next(5), random.Next(300), new string('x', random.Next(800)),
                    random.Next(4) == 0 ? TestLog.Former : null);
                switch (random.Next(6))
                {
                    case 0:
                        await log.RemoveAsync(entry);
                        break;
                    case 1:
                        await log.ReembedAsync(entry, TestEntries.RandomVector(random, TestLog.Dimension));
                        break;
                    case 2 when random.Next(20) == 0:
                        await log.Compactor.RunAsync(() => long.MaxValue, CancellationToken.None);
                        break;
                }
            }

            Assert.True(log.Log.FirstSegment > 0);
            AssertCounted(log);
        }

        await using TestLog again = TestLog.Open(_folder.Path);
        AssertCounted(again);
    }

    private static void AssertCounted(TestLog log)
    {
        Dictionary<long, long> live = log.CountLive();
        Assert.Equal(live.Values.Sum(), log.Log.Usage.LiveBytes);
        Assert.All(
            Enumerable.Range(0, (int)log.Log.TailSegment + 1),
            segment => Assert.Equal(live.GetValueOrDefault(segment), log.Log.Usage.LiveIn(segment)));
        Assert.Equal(
            log.Entries.Sum(entry => (long)entry.Location.Length)
                + log.Registry.Partitions.Sum(partition => (long)RecordCodec.PartitionBytes(partition.Identity)),
            log.Registry.Namespaces.Sum(ns => ns.Disk.Bytes));
    }
}
