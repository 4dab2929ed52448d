using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

/// <summary>Segment files that are cut, gone, or no files any more.</summary>
public sealed class ReadFaultTests : IDisposable
{
    private const int Entries = 40;

    private static readonly (string, string)[] _smallSegments =
    [
        ("Storage:PageSize", "65536"), ("Storage:MemorySize", "262144"), ("Storage:SegmentSize", "65536"),
        ("Limits:MaxResponseBytes", "16384"), ("Limits:MaxPromptBytes", "1024"), ("Limits:MaxScopeBytes", "1024"),
        ("Limits:MaxTags", "4"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lookup_SegmentCutWhileRunning_IsUnreadableAndTheRestIsServed()
    {
        await using TestCache cache = await FillAsync();
        using (FileStream file = new(Segment(1), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
        }

        int unreadable = 0;
        for (int i = 0; i < Entries; i++)
        {
            LookupResult result = await cache.LookupAsync($"prompt {i}");
            if (result.Outcome == LookupOutcome.ExactHit)
            {
                Assert.StartsWith($"response {i} ", result.Entry!.Response.Text, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(MissReason.Unreadable, result.MissReason);
                unreadable++;
            }
        }

        Assert.InRange(unreadable, 5, Entries - 5);
        await cache.StoreAsync("new", "r");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task Start_SegmentMissing_IsReportedAndTheRestIsServed(int missing, bool folderInItsPlace)
    {
        await (await FillAsync()).DisposeAsync();
        File.Delete(Segment(missing));
        if (folderInItsPlace)
        {
            Directory.CreateDirectory(Segment(missing));
        }

        await using TestCache cache = await TestCache.StartAsync(_folder.Path, null, _smallSegments);

        Assert.Contains(
            cache.Logs.At(LogLevel.Error),
            message => message.StartsWith("1 files of the entry log are missing", StringComparison.Ordinal));
        int served = 0;
        for (int i = 0; i < Entries; i++)
        {
            LookupResult result = await cache.LookupAsync($"prompt {i}");
            if (result.Outcome == LookupOutcome.ExactHit)
            {
                Assert.StartsWith($"response {i} ", result.Entry!.Response.Text, StringComparison.Ordinal);
                served++;
            }
        }

        Assert.InRange(served, 5, Entries - 5);
        await cache.StoreAsync("new", "r");
    }

    [Fact]
    public void Read_WhatIsNoFile_IsAnInputError()
    {
        using var files = new SegmentFiles(_folder.Path, 65536);
        Directory.CreateDirectory(Segment(0));
        Assert.Throws<IOException>(() => files.Read(0, new byte[16]));
        Assert.ThrowsAny<IOException>(() => files.Read(65536, new byte[16]));
    }

    [Theory]
    [InlineData(0)] // what stands behind it stays
    [InlineData(65536)]
    [InlineData(131072)] // the last records: the bytes are not cut, and nothing is written over them
    public async Task Recover_PartThatCannotBeRead_IsReportedAndCostsNothingElse(long bad)
    {
        List<LogLocation> written = await FillLogAsync();
        var sink = new RecordingSink();
        var logs = new CollectedLogs();
        using var loggers = new LoggerFactory([logs]);
        await using (EntryLog log = Open(loggers.CreateLogger<EntryLog>(), BadSector(bad)))
        {
            ScanReport report = log.Recover(sink, from: 0, (_, _) => { }, CancellationToken.None);

            Assert.Equal(written.Count(record => record.Address / 65536 != bad / 65536), sink.Removes.Count);
            Assert.Equal(1, report.DamagedRanges);
            Assert.Contains(
                logs.At(LogLevel.Error), message => message.StartsWith("65536 bytes of the entry log cannot", StringComparison.Ordinal));
            Assert.True(log.TryAppend(log.Codec.EncodeRemove(1, [Guid.Empty]), out LogLocation later));
            await log.WaitDurableAsync(later, default);
        }

        var all = new RecordingSink();
        await using EntryLog healed = Open(NullLogger<EntryLog>.Instance, null);
        healed.Recover(all, from: 0, (_, _) => { }, CancellationToken.None);
        Assert.Equal(written.Count + 1, all.Removes.Count);
    }

    [Fact]
    public async Task Reaches_PageThatCannotBeRead_IsThereAllTheSame()
    {
        List<LogLocation> written = await FillLogAsync();
        await using EntryLog log = Open(NullLogger<EntryLog>.Instance, BadSector(131072));
        Assert.True(log.Reaches(written[^1].Address + LogScanner.AlignedLength(written[^1].Length), default));
    }

    [Fact]
    public async Task Recover_FileThatCannotBeOpened_EndsTheStart()
    {
        await FillLogAsync();
        File.Delete(Segment(0));
        File.CreateSymbolicLink(Segment(0), Segment(0));
        await using EntryLog log = Open(NullLogger<EntryLog>.Instance, null);
        Assert.ThrowsAny<IOException>(() => log.Recover(new RecordingSink(), from: 0, (_, _) => { }, default));
    }

    // The log has one segment: offsets in it are addresses.
    private static SegmentRead BadSector(long address) => (file, buffer, offset) =>
        offset <= address && address < offset + buffer.Length
            ? throw new IOException("bad sector")
            : RandomAccess.Read(file, buffer, offset);

    private EntryLog Open(ILogger<EntryLog> logger, SegmentRead? reads)
    {
        var options = new StorageOptions { PageSize = 64 << 10, MemorySize = 256 << 10, SegmentSize = 1 << 20 };
        return EntryLog.Open(_folder.Path, options, 0, TestModels.NewMetrics(), logger, devices: null, reads);
    }

    // Two pages and a half of records.
    private async Task<List<LogLocation>> FillLogAsync()
    {
        var written = new List<LogLocation>();
        await using EntryLog log = Open(NullLogger<EntryLog>.Instance, null);
        log.Recover(new RecordingSink(), from: 0, (_, _) => { }, CancellationToken.None);
        while (log.AppendedUntil < (2 * 65536) + 30_000)
        {
            LogLocation location;
            while (!log.TryAppend(log.Codec.EncodeRemove(1, new Guid[200]), out location))
            {
                await log.WaitForSpaceAsync(CancellationToken.None);
            }

            written.Add(location);
        }

        await log.CommitAsync(log.AppendedUntil);
        return written;
    }

    private string Segment(int number) => Path.Combine(_folder.Path, $"entries.log.{number}");

    private async Task<TestCache> FillAsync()
    {
        TestCache cache = await TestCache.StartAsync(_folder.Path, null, _smallSegments);
        for (int i = 0; i < Entries; i++)
        {
            await cache.StoreAsync($"prompt {i}", $"response {i} " + new string('x', 4000));
        }

        Assert.True(File.Exists(Segment(2)));
        return cache;
    }
}
