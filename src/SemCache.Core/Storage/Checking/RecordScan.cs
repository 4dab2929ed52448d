namespace SemCache.Core.Storage.Checking;

/// <summary>Reads every record of a log into a book and reports the bytes that are none.</summary>
internal sealed class RecordScan(SegmentFiles files, LogManifest manifest, Findings findings)
{
    private readonly Dictionary<long, long> _recordBytes = [];
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
            findings.Problem(
                NameAt(report.Tail),
                "torn tail: no whole record follows. Written when a server was killed, and never acknowledged, or damaged; a "
                    + "start cuts it off",
                report.Tail,
                report.BytesBehindTail);
        }

        return report;
    }

    private void ReportDamage(long from, long until)
    {
        _damageEnd = until;
        findings.Problem(NameAt(from), "damaged: no whole record; what stood here is lost", from, until - from);
    }

    private void ReportUnreadable(long from, int bytes, IOException reason) =>
        findings.Problem(NameAt(from), $"cannot be read: {reason.Message}", from, bytes);

    // A record goes to the next page when it does not fit, and a new process begins on the next one: no page is left out.
    // But for the very first, which is shorter than the largest record may be.
    private void ReportEmptyPages(long address)
    {
        long page = address / manifest.PageSize;
        if (page > _nextPage && _nextPage > 0 && _damageEnd != address)
        {
            long from = _nextPage * manifest.PageSize;
            findings.Problem(
                NameAt(from), "no records where some must have been: lost, or never written", from, (page * manifest.PageSize) - from);
        }

        _nextPage = Math.Max(_nextPage, page + 1);
    }

    private string NameAt(long address) => SegmentFiles.NameOf(address / manifest.SegmentSize);
}
