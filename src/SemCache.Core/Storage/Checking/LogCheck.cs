namespace SemCache.Core.Storage.Checking;

/// <summary>
/// Reads the whole folder of a log that no server uses, and reports everything that is not as a server would have written
/// it. Writes nothing into it.
/// </summary>
internal sealed class LogCheck : IDisposable
{
    private readonly string _folder;
    private readonly FileStream? _lock;

    private LogCheck(string folder, FileStream? @lock, Action<Finding> onFinding)
    {
        _folder = folder;
        _lock = @lock;
        Findings = new Findings(onFinding);
    }

    /// <summary>What was found so far.</summary>
    public Findings Findings { get; }

    /// <summary>The log as it was found; null when it cannot be read at all, or before <see cref="Run"/>.</summary>
    public ReadLog? Log { get; private set; }

    /// <summary>Locks the folder against servers.</summary>
    /// <param name="folder">The folder of a log.</param>
    /// <param name="onFinding">Told of each finding at once.</param>
    /// <exception cref="FolderRefusedException">It holds no log, or a server uses it.</exception>
    public static LogCheck Open(string folder, Action<Finding> onFinding)
    {
        folder = Path.GetFullPath(folder);
        if (StagedFolder.IsUnfinished(folder))
        {
            throw new FolderRefusedException(
                $"The folder {folder} holds an unfinished restore or repair: run that again with the same folder.");
        }

        if (!Directory.Exists(folder)
            || (!File.Exists(Path.Combine(folder, LogManifest.FileName)) && !SegmentFiles.Exist(folder)))
        {
            throw new FolderRefusedException($"The folder {folder} holds no log.");
        }

        return new LogCheck(folder, FolderLock.TakeForReading(folder), onFinding);
    }

    /// <summary>Checks everything.</summary>
    /// <param name="now">Entries that expire by then are dead.</param>
    /// <param name="onProgress">Receives the bytes read of the log and the bytes in total.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <exception cref="FolderRefusedException">The log is of a format that this program does not know.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public CheckReport Run(DateTimeOffset now, Action<long, long> onProgress, CancellationToken cancellationToken)
    {
        if (ReadManifest() is not { } manifest)
        {
            return new CheckReport(_folder, Findings.Problems, Findings.Notes, Findings.Kept, 0, 0, 0, 0, 0, 0, 0, [], [], []);
        }

        var files = new SegmentFiles(_folder, manifest.SegmentSize);
        var identity = LogIdentity.Of(manifest.Secret);
        long begin = SegmentCheck.Run(files, new LogBegin(_folder, identity), Findings);
        var book = new EntryBook(manifest.SegmentSize, Findings);
        var scan = new RecordScan(files, manifest, Findings);
        ScanReport report = scan.Run(begin, book, onProgress, cancellationToken);
        book.ReportNames();
        Log = new ReadLog(manifest, files, book, now);
        new EntrySnapshotCheck(_folder, identity, report.Tail, Log, Findings).Run(cancellationToken);
        int graphs = new GraphCheck(_folder, identity, report.Tail, book, Findings).Run(cancellationToken);
        return new CheckReport(
            _folder,
            Findings.Problems,
            Findings.Notes,
            Findings.Kept,
            begin,
            report.Tail,
            report.Records,
            report.DamagedBytes,
            Log.Live.Count(),
            book.Entries.Count(Log.IsExpired),
            graphs,
            SegmentsOf(files, begin, scan),
            Log.ByNamespace(),
            Log.ByEmbedder());
    }

    public void Dispose()
    {
        Log?.Files.Dispose();
        _lock?.Dispose();
    }

    private LogManifest? ReadManifest()
    {
        string path = Path.Combine(_folder, LogManifest.FileName);
        try
        {
            return LogManifest.Load(path);
        }
        catch (FileNotFoundException)
        {
            Findings.Problem(
                LogManifest.FileName, "missing: without it nothing can be read; take it from a backup of the same log");
        }
        catch (UnknownFormatException exception)
        {
            throw new FolderRefusedException(exception.Message, exception);
        }
        catch (CacheStartupException exception)
        {
            Findings.Problem(LogManifest.FileName, exception.Message);
        }

        return null;
    }

    private IReadOnlyList<SegmentFigures> SegmentsOf(SegmentFiles files, long begin, RecordScan scan)
    {
        Dictionary<long, long> live = Log!.LiveBytes();
        return
        [
            .. files.Numbers().Where(number => number * files.SegmentSize >= begin).Select(number => new SegmentFigures(
                SegmentFiles.NameOf(number),
                files.Length(number),
                live.GetValueOrDefault(number),
                scan.RecordBytes(number) - live.GetValueOrDefault(number))),
        ];
    }
}
