using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <summary>
/// Writes what is live in one segment again, at the log's tail. Afterwards nothing in the segment is of use to anybody.
/// </summary>
/// <remarks>
/// The segment is read page by page; it names its partitions itself, before their records. An entry whose record is not met that
/// way is found by the books: its partition's definition or the length in front of its record is damaged, and it is read where
/// it is known to stand. Only if the record itself is damaged, or taken to be, the entry is removed. One run at a time.
/// </remarks>
/// <param name="log">The log.</param>
/// <param name="registry">The entries.</param>
/// <param name="metrics">Counts bytes.</param>
/// <param name="logger">Receives what is lost.</param>
/// <param name="givesUp">Whether what cannot be read is taken to be damaged, because it was tried often enough.</param>
internal sealed class SegmentCopy(
    EntryLog log, PartitionRegistry registry, SemCacheMetrics metrics, ILogger logger, bool givesUp = false)
{
    private readonly LogScanner _scanner = log.NewScanner();

    /// <summary>Records written again.</summary>
    public long Records { get; private set; }

    /// <summary>Their bytes in the log.</summary>
    public long Bytes { get; private set; }

    /// <summary>Copies a segment.</summary>
    /// <param name="segment">Number of a segment that is on the device and takes no more records.</param>
    /// <param name="pace">Keeps it to a rate; null for as quick as can be.</param>
    /// <param name="cancellationToken">Ends it between two records.</param>
    /// <exception cref="IOException">The segment cannot be read: nothing was lost, some may have been copied.</exception>
    /// <exception cref="CacheUnavailableException">The log cannot be written.</exception>
    /// <exception cref="LimitReachedException">The log cannot be written for lack of space.</exception>
    public async Task RunAsync(long segment, CompactionPace? pace, CancellationToken cancellationToken)
    {
        var partitions = new Dictionary<UInt128, Partition>();
        long end = (segment + 1) * log.SegmentSize;
        for (long page = segment * log.SegmentSize; page < end; page += log.PageSize)
        {
            List<Found> found = ReadPage(page, partitions, cancellationToken);
            long done = page;
            foreach ((Entry entry, LogLocation location, byte[] record) in found)
            {
                await WaitAsync(pace, location.Address - done, cancellationToken).ConfigureAwait(false);
                done = location.Address;
                await CopyAsync(entry, location, record, cancellationToken).ConfigureAwait(false);
            }

            await WaitAsync(pace, page + log.PageSize - done, cancellationToken).ConfigureAwait(false);
        }

        await DefineAgainAsync(segment, pace, cancellationToken).ConfigureAwait(false);
        if (log.Usage.LiveIn(segment) > 0)
        {
            await CopyRestAsync(segment, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Writes the definitions of partitions again that are in a segment or in front of it, or not known; returns when what it
    /// wrote is on the device.
    /// </summary>
    /// <param name="segment">Number of the segment.</param>
    /// <param name="pace">Keeps it to a rate; null for as quick as can be.</param>
    /// <param name="cancellationToken">Ends it between two definitions.</param>
    /// <exception cref="CacheUnavailableException">The log cannot be written.</exception>
    /// <exception cref="LimitReachedException">The log cannot be written for lack of space.</exception>
    public async Task DefineAgainAsync(long segment, CompactionPace? pace, CancellationToken cancellationToken)
    {
        long end = (segment + 1) * log.SegmentSize;
        long defined = 0;
        foreach (Partition partition in registry.Partitions)
        {
            int bytes;
            while (!TryDefineAgain(partition, end, out bytes))
            {
                await log.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
            }

            if (bytes > 0)
            {
                defined += bytes;
                metrics.CompactionCopied(bytes);
                await WaitAsync(pace, bytes, cancellationToken).ConfigureAwait(false);
            }
        }

        if (defined > 0)
        {
            Bytes += defined;
            await log.CommitAsync(log.AppendedUntil, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TryDefineAgain(Partition partition, long end, out int bytes)
    {
        bytes = 0;
        lock (partition.Gate)
        {
            if (partition.DefinedAt >= end)
            {
                return true;
            }

            if (partition.Count == 0)
            {
                partition.ForgetDefinition();
                return true;
            }

            if (!partition.TryDefine(log))
            {
                return false;
            }

            bytes = BytesOfDefinition(partition);
            return true;
        }
    }

    private static Task WaitAsync(CompactionPace? pace, long bytes, CancellationToken cancellationToken) =>
        pace?.WaitAsync(bytes, cancellationToken) ?? Task.CompletedTask;

    // The live records of a page, and the partitions that it names.
    private List<Found> ReadPage(
        long page, Dictionary<UInt128, Partition> partitions, CancellationToken cancellationToken)
    {
        var live = new List<Found>();
        try
        {
            _scanner.Scan(page, page + log.PageSize, Look, static (_, _) => { }, cancellationToken);
        }
        catch (IOException) when (givesUp)
        {
            // Its entries are found by the books, and read one by one.
        }

        metrics.CompactionRead(log.PageSize);
        return live;

        void Look(ReadOnlyMemory<byte> record, LogLocation location)
        {
            switch (RecordCodec.TypeOf(record))
            {
                case RecordType.Partition:
                    (UInt128 digest, PartitionIdentity identity) = RecordCodec.DecodePartition(record);
                    if (registry.Find(identity) is { } named)
                    {
                        partitions[digest] = named;
                    }

                    break;
                case RecordType.Put:
                    PutHeader header = RecordCodec.DecodePutHeader(record);
                    if (partitions.TryGetValue(header.Partition, out Partition? partition)
                        && partition.Namespace.Find(header.EntryId) is { } entry
                        && entry.Partition == partition
                        && entry.Location == location)
                    {
                        live.Add(new Found(entry, location, record.ToArray()));
                    }

                    break;
            }
        }
    }

    private async Task CopyRestAsync(long segment, CancellationToken cancellationToken)
    {
        List<Entry> rest =
        [
            .. registry.Partitions
                .SelectMany(partition => partition.Entries)
                .Where(entry => !entry.IsRemoved && StandsIn(segment, entry))
                .OrderBy(entry => entry.Location.Address),
        ];
        foreach (Entry entry in rest)
        {
            LogLocation location = entry.Location;
            if (Read(location) is { } record)
            {
                await CopyAsync(entry, location, record, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await RemoveAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether anything stands in a segment, by the books.</summary>
    public bool HasAnythingIn(long segment) => registry.Partitions.Any(partition =>
        (partition.DefinedAt >= 0 && partition.DefinedAt / log.SegmentSize == segment)
        || partition.Entries.Any(entry => !entry.IsRemoved && StandsIn(segment, entry)));

    private bool StandsIn(long segment, Entry entry) =>
        log.SegmentOf(entry.Location) == segment
        || (entry.ReembedAddress is > 0 and long address && address / log.SegmentSize == segment);

    private async Task CopyAsync(Entry entry, LogLocation from, byte[] record, CancellationToken cancellationToken)
    {
        Partition partition = entry.Partition;
        while (true)
        {
            // Read outside the gate, which stores wait for.
            long reembedded = entry.ReembedAddress;
            byte[]? combined = reembedded > 0 ? Combine(partition, record, reembedded) : null;
            lock (partition.Gate)
            {
                if (entry.IsRemoved || entry.Location != from)
                {
                    return;
                }

                if (entry.ReembedAddress != reembedded)
                {
                    continue;
                }

                byte[] copy = combined ?? record;
                long definedAt = partition.DefinedAt;
                if (partition.TryAppend(log, copy, out LogLocation location))
                {
                    if (reembedded > 0 && combined is null)
                    {
                        LoseVector(entry);
                    }

                    partition.Move(entry, location);
                    Count(copy, partition.DefinedAt == definedAt ? 0 : BytesOfDefinition(partition));
                    return;
                }
            }

            await log.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // The prompt's vector, or none when it is over the window. Null when the record is damaged.
    private byte[]? Combine(Partition partition, byte[] record, long reembedded)
    {
        byte[]? vector = Read(new LogLocation(reembedded, RecordCodec.ReembedBytes(partition.Index.Dimension)))
            ?? Read(new LogLocation(reembedded, RecordCodec.ReembedBytes(0)));
        return vector is null ? null : log.Codec.Combine(record, vector);
    }

    private byte[]? Read(LogLocation location)
    {
        try
        {
            return log.ReadOrThrow(location);
        }
        catch (IOException) when (givesUp)
        {
            return null;
        }
    }

    // The record keeps the vector of the former model. The entry is embedded again in the background.
    private void LoseVector(Entry entry)
    {
        if (entry.IndexSlot < 0)
        {
            // That it waits to be embedded again, or is over the window, is no loss.
            return;
        }

        entry.Partition.AwaitVector(entry);
        metrics.CompactionLost();
        Log.VectorLostToDamage(logger, entry.ReembedAddress, entry.Id);
    }

    private async Task RemoveAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (await Removal.RemoveAsync(log, entry.Partition, [entry], cancellationToken).ConfigureAwait(false) > 0)
        {
            metrics.CompactionLost();
            Log.EntryLostToDamage(logger, entry.Location.Address, entry.Id);
        }
    }

    private static int BytesOfDefinition(Partition partition) =>
        LogScanner.AlignedLength(RecordCodec.PartitionBytes(partition.Identity));

    private void Count(byte[] copy, int definitionBytes)
    {
        int bytes = LogScanner.AlignedLength(copy.Length) + definitionBytes;
        Records++;
        Bytes += bytes;
        metrics.CompactionCopied(bytes);
    }

    private readonly record struct Found(Entry Entry, LogLocation Location, byte[] Record);
}
