namespace SemCache.Core.Partitions.Snapshots;

/// <summary>
/// Writes all entries as a snapshot while they are in use. Each partition's gate is taken for a few microseconds at a time;
/// <see cref="EntrySnapshotFormat"/> says why what comes out is right nevertheless.
/// </summary>
internal sealed class EntryCapture(BlockWriter writer)
{
    // Written between two visits of a gate.
    private const int SliceEntries = 64;

    private readonly BlockBuffer _entries = BlockWriter.NewBuffer();
    private readonly BlockBuffer _rows = BlockWriter.NewBuffer();
    private readonly BlockBuffer _partitions = BlockWriter.NewBuffer();
    private readonly Entry[] _slice = new Entry[SliceEntries];

    /// <summary>Entries written.</summary>
    public long Entries { get; private set; }

    /// <summary>Writes everything between the file's header and its end.</summary>
    /// <param name="registry">Where entries are; the log's end was noted before.</param>
    /// <param name="cancellationToken">Ends the capture between two slices.</param>
    public void Run(PartitionRegistry registry, CancellationToken cancellationToken)
    {
        // As many as there are: names of partitions come last, for a start reads them first and has their numbers then.
        Partition[] partitions = [.. registry.Partitions];
        int[] counts = new int[partitions.Length];
        for (int number = 0; number < partitions.Length; number++)
        {
            counts[number] = Write(number, partitions[number], cancellationToken);
            Entries += counts[number];
        }

        Flush(BlockKind.Entries, _entries);
        Flush(BlockKind.Rows, _rows);
        for (int number = 0; number < partitions.Length; number++)
        {
            PartitionBlock.Write(_partitions, partitions[number], counts[number]);
            FlushFull(BlockKind.Partitions, _partitions);
        }

        Flush(BlockKind.Partitions, _partitions);
    }

    private int Write(int number, Partition partition, CancellationToken cancellationToken)
    {
        lock (partition.Gate)
        {
            // Whoever has appended before the log's end was noted has applied it by now.
        }

        int written = 0;
        int filled = 0;
        foreach (Entry entry in partition.Entries)
        {
            _slice[filled++] = entry;
            if (filled == SliceEntries)
            {
                written += WriteSlice(number, partition, filled, cancellationToken);
                filled = 0;
            }
        }

        return written + WriteSlice(number, partition, filled, cancellationToken);
    }

    private int WriteSlice(int number, Partition partition, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (count == 0)
        {
            return 0;
        }

        (int written, int withRow) = (0, 0);
        int group = EntryBlock.BeginGroup(_entries, number);
        int rows = EntryBlock.BeginGroup(_rows, number);
        lock (partition.Gate)
        {
            foreach (Entry entry in _slice.AsSpan(0, count))
            {
                if (!entry.IsRemoved)
                {
                    EntryBlock.Write(_entries, entry);
                    written++;
                    withRow += RowBlock.TryWrite(_rows, entry) ? 1 : 0;
                }
            }
        }

        EntryBlock.EndGroup(_entries, group, written);
        EntryBlock.EndGroup(_rows, rows, withRow);
        FlushFull(BlockKind.Entries, _entries);
        FlushFull(BlockKind.Rows, _rows);
        return written;
    }

    private void FlushFull(BlockKind kind, BlockBuffer buffer)
    {
        if (buffer.IsFull)
        {
            writer.Write(kind, buffer);
        }
    }

    private void Flush(BlockKind kind, BlockBuffer buffer)
    {
        if (!buffer.IsEmpty)
        {
            writer.Write(kind, buffer);
        }
    }
}
