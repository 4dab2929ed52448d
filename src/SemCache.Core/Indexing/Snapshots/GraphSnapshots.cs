using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>
/// Saves graphs that have changed, and loads them at the start. A snapshot saves time and nothing else: without it,
/// maintenance builds the graph anew.
/// </summary>
/// <remarks>
/// A snapshot takes its place only when the log is durable up to the address that it covers. Otherwise a crash could give
/// the addresses that it knows to other entries. One caller at a time.
/// </remarks>
internal sealed class GraphSnapshots(
    PartitionRegistry registry,
    EntryLog log,
    UInt128 embedder,
    SemCacheMetrics metrics,
    ILogger logger)
{
    /// <summary>Name of the graphs' folder in the log's.</summary>
    public const string FolderName = "graphs";

    // Loaded at a time: while it is taken over, a partition has its vectors twice.
    private const int MostAtOnce = 2;

    private readonly SnapshotFolder _folder = new(Path.Combine(log.Folder, FolderName));

    /// <summary>
    /// Gives every partition that wants a graph the one that was saved, if it is sound. After recovery, before indexes are
    /// maintained; lookups and stores are served meanwhile.
    /// </summary>
    /// <param name="logTail">End of the log as it was recovered.</param>
    /// <param name="cancellationToken">Ends the loading between partitions.</param>
    public void Load(long logTail, CancellationToken cancellationToken)
    {
        Partition[] large = [.. registry.Partitions.Where(partition => partition.WantsGraph)];
        Tidy(large);
        Parallel.ForEach(
            large.Where(partition => _folder.Has(partition.Digest)),
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            partition => Load(partition, logTail));
    }

    /// <summary>Saves the graphs that have changed.</summary>
    /// <param name="cancellationToken">Ends it between two graphs.</param>
    public async Task SaveChangedAsync(CancellationToken cancellationToken)
    {
        if (!log.Status.IsHealthy)
        {
            return;
        }

        // Large ones without a graph: their snapshots were not loaded yet, or could not be, and may be the next time.
        Tidy(registry.Partitions.Where(partition => partition.WantsGraph));
        foreach (Partition partition in registry.Partitions.Where(partition => partition.Index.IsUnsaved))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await SaveAsync(partition, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Tried again in the next round; what was saved before stays good. Whatever it was, a stop goes on to close
                // the log.
                metrics.Snapshot("failed");
                Log.SnapshotFailed(logger, Name(partition), exception);
            }
        }
    }

    private async Task SaveAsync(Partition partition, CancellationToken cancellationToken)
    {
        _folder.RequireSpace(partition.Index.Bytes);
        long started = Stopwatch.GetTimestamp();
        try
        {
            if (Write(partition) is not { } written)
            {
                return;
            }

            await log.CommitAsync(written.Header.CoveredUntil, cancellationToken).ConfigureAwait(false);
            _folder.Publish(partition.Digest);
            written.Linked.SavedChanges = written.Changes;
            metrics.Snapshot("saved");
            Log.SnapshotSaved(
                logger,
                Name(partition),
                written.Nodes,
                written.Header.FileBytes,
                Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            _folder.Abandon(partition.Digest);
        }
    }

    private Written? Write(Partition partition)
    {
        using FileStream file = _folder.Create(partition.Digest);
        Written? written = partition.Index.Quiescent((linked, gate) => Write(file, partition, linked, gate));
        file.Flush(flushToDisk: true);
        return written;
    }

    private Written? Write(FileStream file, Partition partition, LinkedIndex linked, Lock gate)
    {
        if (linked.Graph.Count == 0)
        {
            return null;
        }

        SnapshotIdentity identity = IdentityOf(partition, linked.Graph.M);
        // Whatever is linked was appended before.
        long coveredUntil = log.AppendedUntil;
        return new Written(
            linked, linked.Changes, linked.Graph.Count, GraphSnapshot.Write(file, identity, coveredUntil, linked, gate));
    }

    private void Load(Partition partition, long logTail)
    {
        long started = Stopwatch.GetTimestamp();
        VectorIndex index = partition.Index;
        try
        {
            IndexSettings settings = index.Settings;
            SnapshotIdentity wanted = IdentityOf(partition, settings.M);
            using FileStream file = _folder.Open(partition.Digest);
            GraphSnapshot snapshot = GraphSnapshot.Read(file, wanted, logTail, settings.EfConstruction);
            var adoption = new GraphAdoption(snapshot.Graph, snapshot.Origins, partition.Entries);
            if (!adoption.IsWorthwhile)
            {
                throw new InvalidDataException("most of its entries are gone");
            }

            lock (partition.Gate)
            {
                partition.Adopt(adoption);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it was, the graph is built anew.
            metrics.Snapshot("rejected");
            Log.SnapshotRejected(logger, Name(partition), exception.Message);
            return;
        }

        metrics.Snapshot("loaded");
        Log.SnapshotLoaded(
            logger, Name(partition), index.Count, index.Backlog, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private void Tidy(IEnumerable<Partition> kept)
    {
        try
        {
            _folder.DeleteAllBut(kept.Select(partition => partition.Digest));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.SnapshotsNotTidied(logger, exception);
        }
    }

    // As the file is called.
    private static string Name(Partition partition) => partition.Digest.ToString("x32", CultureInfo.InvariantCulture);

    private SnapshotIdentity IdentityOf(Partition partition, int m) =>
        new(embedder, log.Identity, partition.Digest, partition.Index.Dimension, m);

    /// <summary>A snapshot that is written but not in its place yet.</summary>
    private sealed record Written(LinkedIndex Linked, long Changes, int Nodes, SnapshotHeader Header);
}
