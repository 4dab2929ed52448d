using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>
/// Puts what a snapshot holds into an empty registry, with all processors: first the entries, before the log is replayed,
/// then, while they are served already, their vectors.
/// </summary>
/// <param name="file">The snapshot.</param>
/// <param name="registry">Receives the entries.</param>
/// <param name="log">Where the log holds anything.</param>
/// <param name="isForeign">Whether another model made the vectors.</param>
internal sealed class EntryRestore(EntrySnapshotFile file, PartitionRegistry registry, LogExtent log, bool isForeign)
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _doubtful = [];
    private readonly Partition[] _partitions = new Partition[file.Partitions.Count];

    /// <summary>
    /// Restored entries whose record is not where the snapshot has it. Those that the replay does not move are gone.
    /// </summary>
    public IReadOnlyList<Entry> Doubtful => _doubtful;

    /// <summary>Restores the entries; those that have a vector wait for it.</summary>
    /// <param name="recovery">Learns the partitions' names.</param>
    /// <param name="onProgress">Receives the bytes read since the last time.</param>
    /// <param name="cancellationToken">Ends it between two blocks.</param>
    public void RestoreEntries(Recovery recovery, Action<long> onProgress, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, SavedPartition> saved in file.Partitions.GroupBy(saved => saved.Identity.Namespace))
        {
            registry.Reserve(saved.Key, saved.Sum(partition => partition.Entries));
        }

        for (int number = 0; number < _partitions.Length; number++)
        {
            SavedPartition saved = file.Partitions[number];
            var definition = new LogLocation(saved.DefinedAt, RecordCodec.PartitionBytes(saved.Identity));
            Partition partition = registry.Restore(saved.Identity, log.Holds(definition) ? saved.DefinedAt : -1);
            _partitions[number] = partition;
            recovery.Know(partition);
            lock (partition.Gate)
            {
                partition.Reserve(saved.Entries);
            }
        }

        file.ReadEntries(
            (payload, bytes) =>
            {
                ReadEntries(payload.Span);
                onProgress(bytes);
            },
            cancellationToken);
    }

    /// <summary>Gives the entries that wait for one the vector that the snapshot holds.</summary>
    /// <exception cref="InvalidDataException">A part is damaged. Those that were given none go on waiting.</exception>
    /// <exception cref="IOException">A part cannot be read; likewise.</exception>
    public void RestoreRows(CancellationToken cancellationToken)
    {
        if (!isForeign)
        {
            file.ReadRows(payload => ReadRows(payload.Span), cancellationToken);
        }
    }

    private void ReadEntries(ReadOnlySpan<byte> payload)
    {
        var entries = new List<(Entry Entry, bool AwaitsVector)>();
        while (!payload.IsEmpty)
        {
            (int number, int count) = EntryBlock.ReadGroup(ref payload);
            Partition partition = _partitions[number];
            bool isRanked = file.Partitions[number].Eviction == partition.Namespace.Eviction;
            entries.Clear();
            for (int i = 0; i < count; i++)
            {
                Entry entry = EntryBlock.Read(ref payload, partition, out bool hasVector);
                // What one model cannot read another one may.
                entries.Add((entry, hasVector || isForeign));
                if (!log.Holds(entry.Location))
                {
                    lock (_gate)
                    {
                        _doubtful.Add(entry);
                    }
                }
            }

            lock (partition.Gate)
            {
                entries.ForEach(restored => partition.Restore(restored.Entry, restored.AwaitsVector, isRanked));
            }
        }
    }

    private void ReadRows(ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            (int number, int count) = EntryBlock.ReadGroup(ref payload);
            Partition partition = _partitions[number];
            lock (partition.Gate)
            {
                for (int i = 0; i < count; i++)
                {
                    Guid id = RowBlock.Read(ref payload, file.Format.Dimension, out float scale, out ReadOnlySpan<byte> row);
                    if (partition.Namespace.Find(id) is { IndexSlot: Entry.AwaitsVector } entry && entry.Partition == partition)
                    {
                        partition.SetVector(entry, row, scale);
                    }
                }
            }
        }
    }
}
