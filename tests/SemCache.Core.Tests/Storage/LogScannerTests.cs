using System.Runtime.InteropServices;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

/// <summary>Two pages of records, the second partly filled, damaged in many ways.</summary>
public sealed class LogScannerTests : IDisposable
{
    private const int PageBytes = 64 << 10;
    private const int Records = 40;

    private readonly TemporaryFolder _folder = new();
    private readonly RecordCodec _codec = new(42);
    private readonly byte[] _log = new byte[2 * PageBytes];
    private readonly List<LogLocation> _written = [];
    private int _end = (int)LogScanner.FirstAddress;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scan_AnyBitOfAnyLengthFlipped_LosesNoOtherRecord()
    {
        FillWithRecords();
        for (int record = 0; record < Records; record++)
        {
            for (int bit = 0; bit < 32; bit++)
            {
                byte[] damaged = [.. _log];
                damaged[_written[record].Address + (bit / 8)] ^= (byte)(1 << (bit % 8));

                (List<LogLocation> found, ScanReport report) = Scan(damaged);

                Assert.Equal(_written.Where((_, i) => i != record), found);
                bool isLast = record == Records - 1;
                Assert.Equal((isLast ? 0 : 1, isLast), (report.DamagedRanges, report.BytesBehindTail > 0));
            }
        }
    }

    [Fact]
    public void Scan_LengthThatLeadsToALaterRecord_LosesNoneInBetween()
    {
        FillWithRecords();
        byte[] damaged = [.. _log];
        int past = (int)(_written[8].Address - _written[5].Address) - LogScanner.HeaderBytes;
        MemoryMarshal.Write(damaged.AsSpan((int)_written[5].Address), past);
        Assert.Equal(_written.Where((_, i) => i != 5), Scan(damaged).Found);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Scan_ContentThatIsAllLengths_CostsAsMuchAsItHasBytes(int shift)
    {
        byte[] body = new byte[48 << 10];
        for (int i = shift; i + sizeof(int) <= body.Length; i += sizeof(int))
        {
            // As a length it is in the page; as a version and a type it is that of a removal, where it is not of a put.
            MemoryMarshal.Write(body.AsSpan(i), i % 16 < 8 ? 0x0301 : 0x0201);
        }

        Assert.InRange(CostOf(body), 0, 2 * PageBytes);
    }

    [Fact]
    public void Scan_ContentOfRecordsWithAWrongChecksum_CostsAsMuchAsItHasBytes()
    {
        byte[] record = [.. BitConverter.GetBytes(0), .. new RecordCodec(7).EncodeRemove(1, [Guid.Empty]), 0, 0];
        MemoryMarshal.Write(record, record.Length - 6);
        byte[] body = [.. Enumerable.Repeat(record, (48 << 10) / record.Length).SelectMany(bytes => bytes)];
        Assert.InRange(CostOf(body), 0, 2 * PageBytes);
    }

    [Fact]
    public void Scan_PartThatCannotBeRead_IsDamageAndEverythingElseIsThere()
    {
        FillWithRecords();
        WriteFile(_log);
        // The second page holds the last records, and nothing stands behind it.
        var unreadable = new List<(long, int)>();
        using var files = new SegmentFiles(_folder.Path, 4 * PageBytes, (file, buffer, offset) =>
            offset + buffer.Length > PageBytes ? throw new IOException("bad sector") : RandomAccess.Read(file, buffer, offset));
        var found = new List<LogLocation>();
        var scanner = new LogScanner(files, PageBytes, _codec)
        {
            OnUnreadable = (address, bytes, _) => unreadable.Add((address, bytes)),
        };

        ScanReport report = scanner.Scan(0, long.MaxValue, (_, location) => found.Add(location), (_, _) => { }, default);

        Assert.Equal(_written.Where(record => record.Address < PageBytes), found);
        Assert.NotEqual(Records, found.Count);
        Assert.Equal([(PageBytes, PageBytes)], unreadable);
        Assert.Equal((1, 2L * PageBytes, 0L), (report.DamagedRanges, report.Tail, report.BytesBehindTail));
    }

    [Fact]
    public void Scan_NobodyToBeToldOfWhatCannotBeRead_Fails()
    {
        FillWithRecords();
        WriteFile(_log);
        using var files = new SegmentFiles(_folder.Path, 4 * PageBytes, (file, buffer, offset) =>
            buffer.Length > 0 ? throw new IOException("bad sector") : RandomAccess.Read(file, buffer, offset));
        Assert.Throws<IOException>(() => new LogScanner(files, PageBytes, _codec).Scan(
            0, long.MaxValue, (_, _) => { }, (_, _) => { }, default));
    }

    // Bytes hashed behind a damaged length in front of this content.
    private long CostOf(byte[] body)
    {
        Append(Put("attack", body));
        Append(Put("another", [1]));
        _log[_written[0].Address + 3] ^= 0x40;
        WriteFile(_log);
        using var files = new SegmentFiles(_folder.Path, 4 * PageBytes);
        var scanner = new LogScanner(files, PageBytes, _codec);
        Assert.Equal(1, scanner.Scan(0, long.MaxValue, (_, _) => { }, (_, _) => { }, default).Records);
        return scanner.HashedBytes;
    }

    private (List<LogLocation> Found, ScanReport Report) Scan(byte[] log)
    {
        WriteFile(log);
        using var files = new SegmentFiles(_folder.Path, 4 * PageBytes);
        var found = new List<LogLocation>();
        ScanReport report = new LogScanner(files, PageBytes, _codec).Scan(
            0, long.MaxValue, (_, location) => found.Add(location), (_, _) => { }, default);
        return (found, report);
    }

    private void WriteFile(byte[] log) => File.WriteAllBytes(Path.Combine(_folder.Path, "entries.log.0"), log);

    private void FillWithRecords()
    {
        var random = new Random(3);
        for (int i = 0; i < Records; i++)
        {
            byte[] body = new byte[random.Next(4000)];
            random.NextBytes(body);
            Append(i % 5 == 4 ? _codec.EncodeRemove(1, [Guid.NewGuid()]) : Put($"prompt {i}", body));
        }

        Assert.InRange(_end, PageBytes + 1000, (2 * PageBytes) - 1000);
    }

    private void Append(byte[] record)
    {
        if ((_end % PageBytes) + LogScanner.AlignedLength(record.Length) > PageBytes)
        {
            _end = PageBytes;
        }

        MemoryMarshal.Write(_log.AsSpan(_end), record.Length);
        record.CopyTo(_log, _end + LogScanner.HeaderBytes);
        _written.Add(new LogLocation(_end, record.Length));
        _end += LogScanner.AlignedLength(record.Length);
    }

    private byte[] Put(string prompt, byte[] body)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return _codec.EncodePut(
            new PutHeader(1, Guid.NewGuid(), 5, now, now + TimeSpan.FromDays(1)),
            new StoredVector(1, TestEntries.RandomVector(new Random(1), 16)),
            new PutContent(Prompt.FromText(prompt), new CachedResponse(body, IsText: false, ""), null, ["tag"]));
    }
}
