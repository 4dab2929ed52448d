using System.Buffers.Binary;
using System.Diagnostics;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <content>What a start reads: the records, all or from an address on, and whether the files hold what a snapshot knows.</content>
internal sealed partial class EntryLog
{
    private static readonly TimeSpan _reportInterval = TimeSpan.FromSeconds(2);

    private long _toldBegin;

    /// <summary>What <see cref="Recover"/> had to leave out of what it read.</summary>
    public LogDamage Damage { get; private set; }

    /// <summary>Replays every whole record from an address on, cuts a torn tail, and opens the log for appending.</summary>
    /// <param name="sink">Receives the records.</param>
    /// <param name="from">End of a record that <see cref="Reaches"/>; 0 for all that there is.</param>
    /// <param name="onProgress">Receives the bytes read and the bytes in total, every now and then.</param>
    /// <param name="cancellationToken">Ends the scan between pages.</param>
    public ScanReport Recover(
        IRecordSink sink, long from, Action<long, long> onProgress, CancellationToken cancellationToken)
    {
        long lastReport = Stopwatch.GetTimestamp();
        long unreadable = 0;
        IOException? reason = null;
        var scanner = new LogScanner(_files, _manifest.PageSize, Codec)
        {
            OnUnreadable = (_, bytes, exception) =>
            {
                unreadable += bytes;
                reason ??= exception;
            },
        };
        ScanReport report = scanner.Scan(
            Math.Max(from, BeginAddress),
            long.MaxValue,
            (record, location) => RecordCodec.Decode(record, location, sink),
            (done, total) =>
            {
                onProgress(done, total);
                if (Stopwatch.GetElapsedTime(lastReport) > _reportInterval)
                {
                    lastReport = Stopwatch.GetTimestamp();
                    Log.RecoveryProgress(_logger, done >> 20, total >> 20);
                }
            },
            cancellationToken);

        if (reason is not null)
        {
            Log.LogPartsUnreadable(_logger, unreadable, reason);
        }

        if (report.DamagedRanges > 0)
        {
            Log.LogDamageSkipped(_logger, report.DamagedRanges, report.DamagedBytes);
        }

        if (report.BytesBehindTail > 0)
        {
            Log.LogTailCut(_logger, report.BytesBehindTail, report.Tail, KeepTail(report));
        }

        _files.CutFrom(report.Tail);
        OpenForAppending(report.Tail);
        NoteAppended(report.Tail);
        Damage = new LogDamage(
            _files.MissingFrom(Math.Max(from, _toldBegin)),
            Math.Max(report.DamagedRanges, reason is null ? 0 : 1),
            Math.Max(report.DamagedBytes, unreadable));
        return report;
    }

    /// <summary>
    /// Whether the files hold a whole record that ends at an address or behind it, within the same page. Of an address that
    /// was <see cref="AppendedUntil"/> once, this is false when the log has lost its end. Before <see cref="Recover"/>.
    /// </summary>
    public bool Reaches(long address, CancellationToken cancellationToken)
    {
        if (address <= Math.Max(LogScanner.FirstAddress, BeginAddress))
        {
            return true;
        }

        long page = (address - 1) / _manifest.PageSize * _manifest.PageSize;
        // What cannot be read is there all the same: nothing is written over it.
        var scanner = new LogScanner(_files, _manifest.PageSize, Codec) { OnUnreadable = (_, _, _) => { } };
        ScanReport report = scanner.Scan(
            page, address, (_, _) => { }, (_, _) => { }, cancellationToken);
        return report.Tail >= address;
    }

    /// <summary>
    /// The vector of an entry and the model that made it, of a record that was checked. Null when it is damaged or cannot be
    /// read.
    /// </summary>
    public StoredVector? ReadVector(Entry entry)
    {
        while (true)
        {
            (LogLocation own, long other) = (entry.Location, entry.ReembedAddress);
            byte[]? record = other == 0 ? Read(own, out _)
                : TryLocate(other, out LogLocation location) ? Read(location, out _)
                : null;
            if (record is not null)
            {
                return RecordCodec.DecodeVector(record);
            }

            // Otherwise compaction has moved it meanwhile.
            if ((own, other) == (entry.Location, entry.ReembedAddress))
            {
                _metrics.UnreadableRecord();
                return null;
            }
        }
    }

    /// <summary>Where the files hold records: whether one that a snapshot knows can still be there.</summary>
    public LogExtent Extent() =>
        new(BeginAddress, _manifest.SegmentSize, _files.Numbers().ToDictionary(number => number, _files.Length));

    // Damage to the last records looks like a torn write: nobody can tell what was acknowledged.
    private string KeepTail(ScanReport report)
    {
        try
        {
            return CutTails.Keep(_files, report.Tail, report.BytesBehindTail);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.LogTailNotKept(_logger, exception);
            return "no file";
        }
    }

    // Only the address of a record of its own is known; its length stands in front of it.
    private bool TryLocate(long address, out LogLocation location)
    {
        location = default;
        if (_uncommitted.TryGet(address, out byte[]? uncommitted))
        {
            location = new LogLocation(address, uncommitted.Length);
            return true;
        }

        Span<byte> header = stackalloc byte[LogScanner.HeaderBytes];
        try
        {
            if (_files.Read(address, header) < header.Length)
            {
                return false;
            }
        }
        catch (IOException)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(header);
        location = new LogLocation(address, length);
        return length > 0 && length <= _manifest.PageSize;
    }

    private void DropTruncated()
    {
        if (_begin.Read() is not { } begin)
        {
            Log.LogBeginDamaged(_logger);
            begin = _files.Numbers() is [var oldest, ..] ? oldest * _manifest.SegmentSize : 0;
        }

        _toldBegin = begin;
        _files.DeleteBefore(begin);
        if (_files.MissingFrom(begin) is > 0 and long missing)
        {
            Log.LogSegmentsMissing(_logger, missing);
        }

        Volatile.Write(ref _beginAddress, _files.Numbers() is [var first, ..] ? first * _manifest.SegmentSize : begin);
    }
}
