using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>Puts what a snapshot holds into an empty registry, with all processors.</summary>
/// <remarks>Runs alone, before the log is replayed.</remarks>
internal sealed class EntryRestore(PartitionRegistry registry, LogExtent log, UInt128 embedder, int dimension)
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _doubtful = [];

    /// <summary>
    /// Restored entries whose record is not where the snapshot has it. Those that the replay does not move are gone.
    /// </summary>
    public IReadOnlyList<Entry> Doubtful => _doubtful;

    /// <summary>Restores everything.</summary>
    /// <param name="file">The snapshot.</param>
    /// <param name="recovery">Learns the partitions' names.</param>
    /// <param name="onProgress">Receives the bytes read since the last time.</param>
    /// <param name="cancellationToken">Ends it between two blocks.</param>
    public void Run(
        EntrySnapshotFile file, Recovery recovery, Action<long> onProgress, CancellationToken cancellationToken)
    {
        var partitions = new Partition[file.Partitions.Count];
        for (int number = 0; number < partitions.Length; number++)
        {
            partitions[number] = registry.Restore(file.Partitions[number].Identity, definition: null);
            recovery.Know(partitions[number]);
            lock (partitions[number].Gate)
            {
                partitions[number].Reserve(file.Partitions[number].Entries);
            }
        }

        foreach (IGrouping<CacheNamespace, int> owner in partitions.Zip(file.Partitions).GroupBy(
            pair => pair.First.Namespace, pair => pair.Second.Entries))
        {
            owner.Key.Reserve(owner.Sum());
        }

        // Another model's rows are of no use; their length still says where the next entry begins.
        bool isForeign = (file.Format.Embedder, file.Format.Dimension) != (embedder, dimension);
        file.ReadEntries(
            (payload, bytes) =>
            {
                Read(payload.Span, partitions, file.Format.Dimension, isForeign);
                onProgress(bytes);
            },
            cancellationToken);
    }

    private void Read(ReadOnlySpan<byte> payload, Partition[] partitions, int dimension, bool isForeign)
    {
        while (!payload.IsEmpty)
        {
            (int number, int count) = EntryBlock.ReadGroup(ref payload);
            Partition partition = partitions[number];
            for (int i = 0; i < count; i++)
            {
                Entry entry = EntryBlock.Read(
                    ref payload, partition, dimension, out ReadOnlySpan<byte> row, out float scale, out bool hasVector);
                lock (partition.Gate)
                {
                    if (isForeign)
                    {
                        partition.Restore(entry, default, 0, awaitsVector: true);
                    }
                    else
                    {
                        partition.Restore(entry, row, scale, awaitsVector: hasVector && row.IsEmpty);
                    }
                }

                if (!log.Holds(entry.Location))
                {
                    lock (_gate)
                    {
                        _doubtful.Add(entry);
                    }
                }
            }
        }
    }
}
