using Microsoft.Extensions.Logging;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Compaction;

public sealed class DamagedSegmentTests : IDisposable
{
    private const int Texts = 300;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copy_RecordIsDamaged_RemovesItsEntryForGoodAndSaysSo()
    {
        Guid lost;
        await using (TestLog log = await FilledAsync())
        {
            Entry entry = Second(log);
            lost = entry.Id;
            Damage(entry.Location.Address + LogScanner.HeaderBytes + 300);
            await CompactFirstAsync(log);
            Assert.True(entry.IsRemoved);
            Assert.Contains(
                log.Logs.At(LogLevel.Error), message => message.Contains($"{lost}", StringComparison.Ordinal));
            Assert.Equal(Texts - 1, log.Content().Count(pair => pair.Value is not null));
        }

        await using TestLog again = TestLog.Open(_folder.Path);
        Assert.DoesNotContain(again.Entries, entry => entry.Id == lost);
        Assert.Equal(Texts - 1, again.Content().Count(pair => pair.Value is not null));
    }

    [Fact]
    public async Task Copy_LengthInFrontOfARecordIsDamaged_KeepsTheEntry()
    {
        await using TestLog log = await FilledAsync();
        Damage(Second(log).Location.Address);
        await AssertCompactsWithoutLossAsync(log);
    }

    [Fact]
    public async Task Copy_DefinitionIsDamaged_KeepsTheEntriesOfItsPartition()
    {
        await using TestLog log = await FilledAsync();
        Damage(LogScanner.FirstAddress + LogScanner.HeaderBytes);
        await AssertCompactsWithoutLossAsync(log);
    }

    [Fact]
    public async Task Copy_VectorInARecordOfItsOwnIsDamaged_KeepsTheEntryForExactMatches()
    {
        await using TestLog log = TestLog.Open(_folder.Path);
        Entry entry = await log.StoreAsync(0, 0, "kept", TestLog.Former);
        await log.ReembedAsync(entry, TestEntries.RandomVector(new Random(1), TestLog.Dimension));
        long damaged = entry.ReembedAddress;
        await FillAsync(log);
        await log.Log.CommitAsync(log.Log.AppendedUntil);
        Damage(damaged + 100);
        await CompactFirstAsync(log);
        Assert.Equal("kept", log.ResponseOf(0, 0));
        Assert.Equal(Entry.AwaitsVector, entry.IndexSlot);
        Assert.Contains(log.Logs.At(LogLevel.Error), message => message.Contains("vector", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Copy_FileIsGone_RemovesItsEntriesAndGoesOn()
    {
        await using TestLog log = await FilledAsync();
        int inFirst = log.Entries.Count(entry => entry.Location.Address < TestLog.SegmentSize);
        File.Delete(_folder.FirstSegment);
        await CompactFirstAsync(log);
        Assert.Equal(Texts - inFirst, log.Content().Count(pair => pair.Value is not null));
        Assert.Equal(inFirst, log.Logs.At(LogLevel.Error).Count());
    }

    [Fact]
    public async Task Run_SegmentCannotBeRead_IsTriedAgainAndThenLosesWhatItHeld()
    {
        Assert.SkipUnless(File.Exists("/proc/self/mem"), "The system has no file whose reads fail.");
        await using TestLog log = await FilledAsync();
        int inFirst = log.Entries.Count(entry => entry.Location.Address < TestLog.SegmentSize);
        File.Delete(_folder.FirstSegment);
        // Its beginning is mapped to nothing, and reads of it fail as those of a broken sector do.
        File.CreateSymbolicLink(_folder.FirstSegment, "/proc/self/mem");
        await ChurnAsync(log);
        for (int attempt = 0; attempt < Compactor.MostAttempts; attempt++)
        {
            await Assert.ThrowsAsync<IOException>(RunAsync);
            Assert.Equal(0, log.Log.FirstSegment);
            Assert.Equal(inFirst, log.Entries.Count(entry => entry.Location.Address < TestLog.SegmentSize));
        }

        await RunAsync();
        Assert.True(log.Log.FirstSegment > 0);
        Assert.Equal(Texts + 1 - inFirst, log.Entries.Count());
        Assert.DoesNotContain(log.Content(), pair => pair.Value is null);
        Assert.Equal(inFirst, log.Logs.At(LogLevel.Error).Count());

        Task RunAsync() => log.Compactor.RunAsync(() => long.MaxValue, CancellationToken.None);
    }

    [Fact]
    public async Task Run_LiveBytesAreCountedThatNobodyHas_PutsTheFigureRightAndGoesOn()
    {
        await using TestLog log = await FilledAsync();
        log.Log.Usage.Add(new LogLocation(LogScanner.FirstAddress, 100));
        await ChurnAsync(log);
        await log.Compactor.RunAsync(() => long.MaxValue, CancellationToken.None);
        Assert.True(log.Log.FirstSegment > 0);
        Assert.Equal(log.CountLive().Values.Sum(), log.Log.Usage.LiveBytes);
        Assert.Single(log.Logs.At(LogLevel.Warning));
    }

    // The second record of an entry: the damaged one has whole ones on both sides.
    private static Entry Second(TestLog log) => log.Entries.OrderBy(entry => entry.Location.Address).Skip(1).First();

    private static async Task AssertCompactsWithoutLossAsync(TestLog log)
    {
        Dictionary<Guid, string?> expected = log.Content();
        await CompactFirstAsync(log);
        Assert.Equal(expected, log.Content());
        Assert.Empty(log.Logs.At(LogLevel.Error));
    }

    private static async Task CompactFirstAsync(TestLog log)
    {
        await log.Copy.RunAsync(0, pace: null, CancellationToken.None);
        Assert.Equal(0, log.Log.Usage.LiveIn(0));
        await log.Log.CommitAsync(log.Log.AppendedUntil);
        log.Log.TruncateBefore(TestLog.SegmentSize);
    }

    private async Task<TestLog> FilledAsync()
    {
        TestLog log = TestLog.Open(_folder.Path);
        await FillAsync(log);
        await log.Log.CommitAsync(log.Log.AppendedUntil);
        return log;
    }

    private static async Task FillAsync(TestLog log)
    {
        for (int text = 1; text <= Texts; text++)
        {
            await log.StoreAsync(0, text, $"{text} {new string('x', 1000)}");
        }

        Assert.True(log.Log.TailSegment > 1);
    }

    // Makes compaction worth its while.
    private static async Task ChurnAsync(TestLog log)
    {
        for (int i = 0; i < 2 * Texts; i++)
        {
            await log.StoreAsync(0, 1000, $"{i} {new string('x', 1000)}");
        }
    }

    private void Damage(long address)
    {
        using FileStream file = File.Open(
            _folder.FirstSegment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = address;
        int value = file.ReadByte();
        file.Position = address;
        file.WriteByte((byte)(value ^ 0x40));
    }
}
