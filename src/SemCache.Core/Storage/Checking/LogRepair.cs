using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Storage.Checking;

/// <summary>
/// Writes every live and sound entry of a log into a new one: same ids, times, prompts, responses, vectors and tags. Graphs
/// are left out: a start builds them.
/// </summary>
/// <param name="source">The log, which was checked.</param>
/// <param name="findings">Told of entries that cannot be saved.</param>
/// <param name="devices">Makes the new log's device; null for the folder's own files.</param>
internal sealed class LogRepair(ReadLog source, Findings findings, LogDeviceFactory? devices = null)
{
    private readonly Dictionary<UInt128, long> _definedIn = [];
    private long _saved;

    /// <summary>Entries written so far. Any thread may ask.</summary>
    public long Saved => Volatile.Read(ref _saved);

    /// <summary>Refuses a folder for the new log that lies inside the one that is checked, which nobody writes into.</summary>
    /// <exception cref="FolderRefusedException">It does.</exception>
    public static void RequireOutside(string folder, string target)
    {
        string relative = Path.GetRelativePath(Path.GetFullPath(folder), Path.GetFullPath(target));
        if (!Path.IsPathRooted(relative) && relative.Split(Path.DirectorySeparatorChar)[0] != "..")
        {
            throw new FolderRefusedException(
                $"The folder {target} lies inside {folder}, which is not written into: name one outside of it.");
        }
    }

    /// <summary>Writes the new log, checks it, and puts it into its place.</summary>
    /// <param name="folder">Empty, not there, or left by a repair that was killed; otherwise left as it was if this fails.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <returns>What the check of the new log found.</returns>
    /// <exception cref="FolderRefusedException">The folder cannot be used.</exception>
    /// <exception cref="InvalidDataException">The new log is not as it should be.</exception>
    /// <exception cref="IOException">A file cannot be read or written, or there is too little space.</exception>
    public async Task<CheckReport> RunAsync(string folder, CancellationToken cancellationToken)
    {
        using var staged = StagedFolder.Create(folder, source.LiveBytes().Values.Sum());
        try
        {
            await WriteAsync(staged.Path, cancellationToken).ConfigureAwait(false);
        }
        catch (LimitReachedException exception)
        {
            // The log says it as a server would, which goes on when there is space again.
            throw staged.TooSmall(exception);
        }

        CheckReport report;
        using (LogCheck check = LogCheck.Open(staged.Path, _ => { }))
        {
            report = check.Run(source.Now, (_, _) => { }, cancellationToken);
        }

        if (report.Problems > 0 || report.Entries != Saved)
        {
            throw new InvalidDataException(
                $"The new log has {report.Problems} problems and {report.Entries} of {Saved} entries; nothing was put into {folder}.");
        }

        staged.Publish();
        return report with { Folder = Path.GetFullPath(folder) };
    }

    private async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var options = new StorageOptions
        {
            PageSize = source.Manifest.PageSize,
            SegmentSize = source.Manifest.SegmentSize,
            Durability = Durability.None,
            ShutdownTimeout = TimeSpan.Zero,
        };
        options.MemorySize = Math.Max(options.MemorySize, StorageOptions.MinPagesInMemory * options.PageSize);
        EntryLog target = EntryLog.Open(
            folder,
            options,
            largestRecordBytes: 0,
            new SemCacheMetrics(services.GetRequiredService<IMeterFactory>()),
            NullLogger<EntryLog>.Instance,
            devices);
        await using (target.ConfigureAwait(false))
        {
            target.Recover(new EntryBook(options.SegmentSize, findings), from: 0, (_, _) => { }, cancellationToken);
            var copy = new RecordCopy(source);
            foreach (CheckedEntry entry in source.Live.OrderBy(entry => entry.Location.Address))
            {
                if (entry.IsSound && copy.Of(entry, target.Codec) is { } record && Fits(record))
                {
                    await AppendAsync(target, entry.Partition, record, cancellationToken).ConfigureAwait(false);
                    Volatile.Write(ref _saved, _saved + 1);
                }
                else
                {
                    findings.Problem(
                        SegmentFiles.NameOf(entry.Location.Address / source.Manifest.SegmentSize),
                        $"entry {entry.Id} could not be saved",
                        entry.Location.Address,
                        entry.Location.Length);
                }
            }

            await target.CommitAsync(target.AppendedUntil, cancellationToken).ConfigureAwait(false);
        }
    }

    // With a vector of a larger model, a record may have outgrown the page that it once fitted into.
    private bool Fits(byte[] record) =>
        LogScanner.AlignedLength(record.Length) <= source.Manifest.PageSize;

    // A record that came to stand in another segment than its partition's name gets both again.
    private async Task AppendAsync(
        EntryLog target, CheckedPartition partition, byte[] record, CancellationToken cancellationToken)
    {
        do
        {
            if (_definedIn.GetValueOrDefault(partition.Digest, -1) != target.TailSegment)
            {
                byte[] name = target.Codec.EncodePartition(partition.Digest, partition.Identity!);
                LogLocation named = await AppendAsync(target, name, cancellationToken).ConfigureAwait(false);
                _definedIn[partition.Digest] = target.SegmentOf(named);
            }
        }
        while (target.SegmentOf(await AppendAsync(target, record, cancellationToken).ConfigureAwait(false))
            != _definedIn[partition.Digest]);
    }

    private static async Task<LogLocation> AppendAsync(EntryLog target, byte[] record, CancellationToken cancellationToken)
    {
        LogLocation location;
        while (!target.TryAppend(record, out location))
        {
            await target.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
        }

        return location;
    }
}
