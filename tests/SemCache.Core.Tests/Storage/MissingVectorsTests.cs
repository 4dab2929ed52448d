using Microsoft.Extensions.Logging;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

/// <summary>Entries that cannot be given a vector, now or ever, and those beside them.</summary>
public sealed class MissingVectorsTests : IDisposable
{
    private static readonly string _otherModel = TestModels.Fixture("tiny-bert-mean");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_RecordThatCannotBeReadForAWhile_IsTriedAgainUntilItCan()
    {
        long address;
        await using (TestCache cache = await TestCache.StartAsync(_folder.Path))
        {
            await cache.StoreAsync("What is the capital of France?", "Paris");
            await cache.StoreAsync("how long does a cat live", "15 years");
            address = EntriesOf(cache).Min(entry => entry.Location.Address);
        }

        await using TestCache other = await StartWithDamageAsync(address);
        await UntilAsync(other, () => !other.Cache.ExpectsVectors);
        Assert.Equal(1, other.Cache.EntriesWithoutVector);
        Assert.Equal(1, Assert.Single(other.Cache.GetStats()).WithoutVector);
        Assert.StartsWith("1 entries have no vector", Assert.Single(other.Logs.At(LogLevel.Warning)), StringComparison.Ordinal);
        Assert.Null((await other.LookupAsync("What is the c\u00e0pital of France?")).Entry);

        Flip(address);
        await UntilAsync(other, () => other.Cache.EntriesWithoutVector == 0);
        Assert.Equal("Paris", (await other.LookupAsync("What is the c\u00e0pital of France?")).Entry!.Response.Text);
    }

    [Fact]
    public async Task Embed_EntryThatCannotBe_DoesNotConcernTheOthersAndThoseThatComeLater()
    {
        await using TestCache cache = await TestCache.StartAsync(_folder.Path);
        await cache.StoreAsync("one", "1");
        Partition partition = Assert.Single(cache.Cache.Require().Registry.Partitions);
        Entry impossible = Await(cache, partition, Prompt.FromConversation([]), 1);
        impossible.Hits = 100;
        Entry sound = Await(cache, partition, Prompt.FromText("What is the capital of France?"), 2);

        await UntilAsync(cache, () => !cache.Cache.ExpectsVectors);
        Assert.Equal((Entry.AwaitsVector, 1), (impossible.IndexSlot, cache.Cache.EntriesWithoutVector));
        Assert.NotEqual(Entry.AwaitsVector, sound.IndexSlot);
        Assert.Equal(LookupOutcome.SemanticHit, (await cache.LookupAsync("What is the c\u00e0pital of France?")).Outcome);

        Entry late = Await(cache, partition, Prompt.FromText("how long does a cat live"), 3);
        Assert.True(cache.Cache.ExpectsVectors);
        await UntilAsync(cache, () => late.IndexSlot >= 0);
        Assert.Single(cache.Logs.At(LogLevel.Warning));
    }

    [Fact]
    public async Task Embed_LogCannotBeWritten_GoesOnWhenItCan()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory);
        await cache.StoreAsync("one", "1");
        Partition partition = Assert.Single(cache.Cache.Require().Registry.Partitions);
        Entry entry = Await(cache, partition, Prompt.FromText("What is the capital of France?"), 1);
        device().Fail(DeviceError.NoSpace);
        await Assert.ThrowsAsync<LimitReachedException>(() => cache.StoreAsync("two", "2"));
        await UntilAsync(cache, () => cache.Logs.At(LogLevel.Warning).Any(
            warning => warning.StartsWith("Giving entries their vectors was interrupted", StringComparison.Ordinal)));
        Assert.True(cache.Cache.ExpectsVectors);
        device().Heal();
        await UntilAsync(cache, () => entry.IndexSlot >= 0);
    }

    // An entry with another model's vector, as a start with another model finds it.
    private static Entry Await(TestCache cache, Partition partition, Prompt prompt, int number)
    {
        EntryLog log = cache.Cache.Require().Log;
        DateTimeOffset now = cache.Time.GetUtcNow();
        var header = new PutHeader(partition.Digest, Guid.NewGuid(), (UInt128)number, now, now + TimeSpan.FromDays(365));
        byte[] record = log.Codec.EncodePut(
            header, new StoredVector(1, new float[] { 1 }), new PutContent(prompt, CachedResponse.FromText("r"), null, []));
        lock (partition.Gate)
        {
            Assert.True(partition.TryAppend(log, record, out LogLocation location));
            Entry entry = Entry.Of(header, null, location, [], partition);
            partition.Apply(entry, default);
            partition.AwaitVector(entry);
            return entry;
        }
    }

    private static IEnumerable<Entry> EntriesOf(TestCache cache) =>
        cache.Cache.Require().Registry.Partitions.SelectMany(partition => partition.Entries);

    private static async Task UntilAsync(TestCache cache, Func<bool> condition)
    {
        for (int i = 0; i < 1000 && !condition(); i++)
        {
            cache.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        Assert.True(condition());
    }

    private Task<TestCache> StartWithDamageAsync(long address)
    {
        Flip(address);
        return TestCache.StartAsync(_folder.Path, null, ("Model:Path", _otherModel));
    }

    private void Flip(long address)
    {
        using FileStream file = new(_folder.FirstSegment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = address + LogScanner.HeaderBytes + RecordCodec.VectorInPut;
        int value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }
}
