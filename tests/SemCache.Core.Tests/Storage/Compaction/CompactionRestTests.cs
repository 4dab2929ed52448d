using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Compaction;

/// <summary>Logs that compaction cannot make smaller.</summary>
public sealed class CompactionRestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_LogOfDefinitionsThatAreNeeded_WritesNothing()
    {
        const int Partitions = 300;
        await using (TestLog log = TestLog.Open(_folder.Path, scopeBytes: 6000))
        {
            for (int partition = 0; partition < Partitions; partition++)
            {
                await log.StoreAsync(partition, 1, "short");
            }

            long appended = log.Log.AppendedUntil;
            Assert.True(log.Log.TailSegment > 10);
            await RunToRestAsync(log, allowedBytes: TestLog.SegmentSize);
            Assert.Equal(appended, log.Log.AppendedUntil);
            Assert.Equal(0, log.Log.FirstSegment);
            Assert.InRange(log.Registry.Namespaces.Single().Disk.Bytes, Partitions * 6000, log.Log.Bytes);
        }

        await using TestLog again = TestLog.Open(_folder.Path, scopeBytes: 6000);
        long reopened = again.Log.AppendedUntil;
        await RunToRestAsync(again, allowedBytes: TestLog.SegmentSize);
        Assert.Equal(reopened, again.Log.AppendedUntil);
    }

    [Fact]
    public async Task Run_PartitionsThatAreRetired_GivesTheirDefinitionsBack()
    {
        await using TestLog log = TestLog.Open(_folder.Path, scopeBytes: 6000);
        for (int partition = 0; partition < 100; partition++)
        {
            await log.RemoveAsync(await log.StoreAsync(partition, 1, "short"));
        }

        foreach (Partition partition in log.Registry.Partitions.ToList())
        {
            log.Registry.RetireIfEmpty(partition);
        }

        Assert.Equal(0, log.Log.Usage.LiveBytes);
        Assert.Equal(0, log.Registry.Namespaces.Single().Disk.Bytes);
        await RunToRestAsync(log, long.MaxValue);
        Assert.Equal(log.Log.TailSegment, log.Log.FirstSegment);
    }

    [Fact]
    public async Task Run_EmptyPartitionsThatAreStillThere_DoNotKeepTheirSegments()
    {
        await using (TestLog log = TestLog.Open(_folder.Path, scopeBytes: 6000))
        {
            for (int partition = 0; partition < 100; partition++)
            {
                await log.RemoveAsync(await log.StoreAsync(partition, 1, "short"));
            }

            for (int i = 0; i < 500; i++)
            {
                await log.StoreAsync(100, 1, new string('x', 4000));
            }

            await RunToRestAsync(log, long.MaxValue);
            Assert.True(log.Log.TailSegment - log.Log.FirstSegment <= 2);
            await log.StoreAsync(0, 1, "defined anew");
        }

        await using TestLog again = TestLog.Open(_folder.Path, scopeBytes: 6000);
        Assert.Equal("defined anew", again.ResponseOf(0, 1));
    }

    [Fact]
    public async Task Run_RecordsThatLeaveHalfAPageEmpty_GoesThroughTheLogOnceAndRestsUntilMoreHasDied()
    {
        const int Texts = 60;
        await using TestLog log = TestLog.Open(_folder.Path);
        await StoreHalfPagesAsync(log, Texts);
        await RunToRestAsync(log, long.MaxValue);
        Assert.True(log.Log.Usage.LiveBytes < log.Options.LiveRatio * log.Log.Bytes);

        long appended = log.Log.AppendedUntil;
        await RunToRestAsync(log, long.MaxValue);
        await RunToRestAsync(log, allowedBytes: 1);
        Assert.Equal(appended, log.Log.AppendedUntil);

        await StoreHalfPagesAsync(log, Texts / 2);
        long before = log.Log.Bytes;
        await RunToRestAsync(log, long.MaxValue);
        Assert.True(log.Log.Bytes <= before - (8 * TestLog.SegmentSize), $"{before} bytes before, {log.Log.Bytes} after");
        Assert.Equal(Texts, log.Content().Count(pair => pair.Value is not null));
    }

    private static async Task StoreHalfPagesAsync(TestLog log, int texts)
    {
        for (int text = 0; text < texts; text++)
        {
            await log.StoreAsync(0, text, new string('x', 34_000));
        }
    }

    // Fails when compaction writes the log again and again, rather than to go on for ever.
    private static async Task RunToRestAsync(TestLog log, long allowedBytes)
    {
        long most = log.Log.AppendedUntil + (3 * log.Log.Bytes) + (4 * TestLog.SegmentSize);
        using var stopping = new CancellationTokenSource();
        Task run = log.Compactor.RunAsync(() => allowedBytes, stopping.Token);
        while (await Task.WhenAny(run, Task.Delay(5, TestContext.Current.CancellationToken)) != run)
        {
            if (log.Log.AppendedUntil > most)
            {
                await stopping.CancelAsync();
                break;
            }
        }

        await run;
    }
}
