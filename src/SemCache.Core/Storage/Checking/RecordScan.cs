namespace SemCache.Core.Storage.Checking;

/// <summary>Reads every record of a log into a book and reports the bytes that are none.</summary>
internal sealed class RecordScan(SegmentFiles files, LogManifest manifest, Findings findings)
{
    private readonly Dictionary<long, long> _recordBytes = [];
    private readonly HashSet<long> _present = [.. files.Numbers()];
    private long _nextPage;
    private long _damageEnd = -1;

    /// <summary>Bytes of whole records in a segment.</summary>
    public long RecordBytes(long segment) => _recordBytes.GetValueOrDefault(segment);

    public ScanReport Run(long begin, EntryBook book, Action<long, long> onProgress, CancellationToken cancellationToken)
    {
        _nextPage = begin / manifest.PageSize;
        var scanner = new LogScanner(files, manifest.PageSize, new RecordCodec(manifest.Secret))
        {
            OnDamage = ReportDamage,
            OnUnreadable = ReportUnreadable,
        };
        ScanReport report = scanner.Scan(
            begin,
            long.MaxValue,
            (record, location) =>
            {
                ReportEmptyPages(location.Address);
                long segment = location.Address / manifest.SegmentSize;
                _recordBytes[segment] = RecordBytes(segment) + LogScanner.AlignedLength(location.Length);
                book.Take(record, location);
            },
            onProgress,
            cancellationToken);
        if (report.BytesBehindTail > 0)
        {
            findings.Note(
                NameAt(report.Tail),
                "torn tail: no whole record follows. A server that is killed leaves one, of records that were never "
                    + "acknowledged; a start cuts it off",
                report.Tail,
                report.BytesBehindTail);
        }

        return report;
    }

    private void ReportDamage(long from, long until)
    {
        _damageEnd = until;
        findings.Problem(NameAt(from), Lost("damaged: no whole record"), from, until - from);
    }

    private void ReportUnreadable(long from, int bytes, IOException reason) =>
        findings.Problem(NameAt(from), $"cannot be read: {reason.Message}", from, bytes);

    // A record goes to the next page when it does not fit, and a new process begins on the next one: no page is left out.
    // But for the very first, which is shorter than the largest record may be.
    private void ReportEmptyPages(long address)
    {
        long page = address / manifest.PageSize;
        SkipMissingSegments(page);
        if (page > _nextPage && _nextPage > 0 && _damageEnd != address)
        {
            long from = _nextPage * manifest.PageSize;
            findings.Problem(
                NameAt(from), Lost("no records where some must have been"), from, (page * manifest.PageSize) - from);
        }

        _nextPage = Math.Max(_nextPage, page + 1);
    }

    // Their files are reported already.
    private void SkipMissingSegments(long until)
    {
        while (_nextPage < until && _nextPage * manifest.PageSize / manifest.SegmentSize is var segment && !_present.Contains(segment))
        {
            _nextPage = (segment + 1) * manifest.SegmentSize / manifest.PageSize;
        }
    }

    /// <summary>A problem that has cost records, removals perhaps among them.</summary>
    public static string Lost(string problem) =>
        problem + "; what stood here is lost, and what it invalidated or replaced may be served again: invalidate it again";

    private string NameAt(long address) => SegmentFiles.NameOf(address / manifest.SegmentSize);
}
