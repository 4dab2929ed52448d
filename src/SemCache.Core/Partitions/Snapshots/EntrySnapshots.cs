using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>
/// Saves what is in memory of all entries, and brings it back at a start. A snapshot saves time and nothing else: without
/// one that is sound, the whole log is read.
/// </summary>
/// <remarks>
/// A snapshot takes its place only when the log is durable up to its end. One caller at a time.
/// </remarks>
internal sealed class EntrySnapshots(
    PartitionRegistry registry,
    EntryLog log,
    EntryIds entryIds,
    UInt128 embedder,
    int dimension,
    SemCacheMetrics metrics,
    ILogger logger)
{
    /// <summary>Name of the file in the log's folder.</summary>
    public const string FileName = "entries.snapshot";

    private readonly string _path = Path.Combine(log.Folder, FileName);
    private LogExtent? _extent;
    private EntrySnapshotFile? _file;
    private EntryRestore? _restore;

    /// <summary>End of the log that the last snapshot knows; 0 when there is none.</summary>
    public long CapturedUntil { get; private set; }

    /// <summary>
    /// Restores the entries of the snapshot, if there is one and it is sound. Before the log is recovered. Nothing stays
    /// restored unless all of it was.
    /// </summary>
    /// <param name="recovery">Learns the partitions' names.</param>
    /// <param name="onProgress">Receives the bytes read and the bytes in total.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>Where the log is to be replayed from; 0 when all of it is.</returns>
    public long Load(Recovery recovery, Action<long, long> onProgress, CancellationToken cancellationToken)
    {
        if (!File.Exists(_path))
        {
            return 0;
        }

        long started = Stopwatch.GetTimestamp();
        try
        {
            _file = Open(cancellationToken);
            Restore(_file, recovery, onProgress, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it was, the log has everything. The file must go before anything is appended: a log that has lost its
            // end would come to hold other records where this snapshot knows some.
            metrics.EntrySnapshot("rejected");
            Log.EntrySnapshotRejected(logger, exception.Message);
            LetGo();
            File.Delete(_path);
            DirectoryEntries.Flush(log.Folder);
            recovery.Forget();
            registry.Clear();
            return 0;
        }
        catch
        {
            LetGo();
            throw;
        }

        entryIds.FollowAll(_file.LastId);
        CapturedUntil = _file.CapturedUntil;
        metrics.EntrySnapshot("loaded");
        Log.EntrySnapshotLoaded(
            logger,
            _file.Partitions.Sum(partition => (long)partition.Entries),
            _file.Length,
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            _file.Format.ReplayFrom);
        return _file.Format.ReplayFrom;
    }

    /// <summary>
    /// Gives entries the vectors that the snapshot holds, and lets go of the file. When the log is recovered; lookups and
    /// stores may be served. What cannot be had here goes on waiting.
    /// </summary>
    public void LoadVectors(CancellationToken cancellationToken)
    {
        try
        {
            _restore?.RestoreRows(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            Log.SavedVectorsDamaged(logger, exception.Message);
        }
        finally
        {
            LetGo();
        }
    }

    /// <summary>
    /// Drops the entries whose record is gone with the log's file. After the log was recovered, before anything is served.
    /// </summary>
    public void DropLost()
    {
        (int truncated, int lost) = (0, 0);
        foreach (Entry entry in _restore?.Doubtful ?? [])
        {
            lock (entry.Partition.Gate)
            {
                // The replay has removed it, or moved it to where compaction had copied it.
                LogLocation location = entry.Location;
                if (entry.IsRemoved || _extent!.Holds(location))
                {
                    continue;
                }

                entry.Partition.Remove(entry);
                if (location.Address < _extent.Begin)
                {
                    truncated++;
                }
                else
                {
                    lost++;
                }
            }
        }

        if (truncated > 0)
        {
            Log.EntriesTruncated(logger, truncated);
        }

        if (lost > 0)
        {
            metrics.EntriesLost(lost);
            Log.EntriesLost(logger, lost);
        }
    }

    /// <summary>
    /// Saves all entries; returns when the device has them, or why it could not was logged. Does nothing while the log cannot
    /// be written: a snapshot takes its place only behind a commit.
    /// </summary>
    /// <param name="cancellationToken">Gives it up; what was saved before stays good.</param>
    /// <returns>Whether they were saved.</returns>
    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        if (!log.Status.IsHealthy)
        {
            return false;
        }

        try
        {
            await SaveToAsync(_path + DurableFile.Unfinished, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Tried again in the next round. Whatever it was, a stop goes on to close the log.
            metrics.EntrySnapshot("failed");
            Log.EntrySnapshotFailed(logger, exception);
            return false;
        }
    }

    private void LetGo()
    {
        _restore = null;
        _file?.Dispose();
        _file = null;
    }

    private async Task SaveToAsync(string unfinished, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            FreeSpace.Require(log.Folder, registry.Namespaces.Sum(ns => (long)ns.EntryCount) * (EntryBlock.FixedBytes + RowBlock.BytesOf(dimension)));
            (long entries, long bytes, long until) = Write(unfinished, cancellationToken);
            await log.CommitAsync(until, cancellationToken).ConfigureAwait(false);
            DurableFile.Publish(unfinished, _path);
            CapturedUntil = until;
            metrics.EntrySnapshot("saved");
            Log.EntrySnapshotSaved(logger, entries, bytes, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private EntrySnapshotFile Open(CancellationToken cancellationToken)
    {
        var file = EntrySnapshotFile.Open(_path, log.Identity, cancellationToken);
        try
        {
            EntrySnapshotFormat.Require(
                log.Reaches(file.CapturedUntil, cancellationToken),
                $"it knows the log up to address {file.CapturedUntil}, and the log has lost that end");
            SavedPartition? other = file.Partitions
                .Where(partition => partition.Saving != registry.SettingsOf(partition.Identity.Namespace).Saving)
                .Select(partition => (SavedPartition?)partition)
                .FirstOrDefault();
            EntrySnapshotFormat.Require(
                other is null,
                $"it values hits by {other?.Saving}, and SemCache:NamespaceDefaults:Saving or that of a namespace has changed");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Reads the file a second time: what was sound a moment ago may not be any more.
    private void Restore(
        EntrySnapshotFile file, Recovery recovery, Action<long, long> onProgress, CancellationToken cancellationToken)
    {
        _extent = log.Extent();
        bool isForeign = (file.Format.Embedder, file.Format.Dimension) != (embedder, dimension);
        _restore = new EntryRestore(file, registry, _extent, isForeign);
        long done = 0;
        _restore.RestoreEntries(
            recovery, bytes => onProgress(Interlocked.Add(ref done, bytes), file.EntryBytes), cancellationToken);
    }

    private (long Entries, long Bytes, long Until) Write(string path, CancellationToken cancellationToken)
    {
        // Before the first gate is taken: see EntrySnapshotFormat.
        var format = EntrySnapshotFormat.Of(log.Identity, embedder, dimension, log.AppendedUntil);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var writer = new BlockWriter(file, format);
        writer.Begin();
        var capture = new EntryCapture(writer);
        capture.Run(registry, cancellationToken);
        long until = log.AppendedUntil;
        writer.End(until, entryIds.Last);
        file.Flush(flushToDisk: true);
        return (capture.Entries, writer.Position, until);
    }
}
