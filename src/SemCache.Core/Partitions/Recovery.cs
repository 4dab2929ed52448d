using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>
/// Rebuilds the registry from the entry log's records, in their order. Runs alone, before anything is served.
/// </summary>
/// <remarks>
/// The registry may hold a snapshot of a later moment already: a record that is older than what is known of its entry, or of
/// another one for the same text, is passed over. See <see cref="Snapshots.EntrySnapshotFormat"/>.
/// </remarks>
/// <param name="registry">Receives partitions and entries.</param>
/// <param name="entryIds">Goes on behind the ids that are met.</param>
/// <param name="fingerprint">The present embedder's: vectors of others are made anew later.</param>
/// <param name="now">Entries that have expired by now are missed by nobody.</param>
internal sealed class Recovery(
    PartitionRegistry registry, EntryIds entryIds, UInt128 fingerprint, DateTimeOffset now) : IRecordSink
{
    private readonly Dictionary<UInt128, Partition> _partitions = [];

    // Records whose partition's definition was damaged: applied when another definition turns up, else dropped.
    private readonly Dictionary<UInt128, Orphans> _orphans = [];

    /// <summary>Entries whose partition nothing names, by the digest of that partition.</summary>
    public IEnumerable<(UInt128 Partition, Guid[] EntryIds)> OrphanedEntries => _orphans
        .Select(orphans => (
            orphans.Key,
            orphans.Value.Expiries.Where(entry => entry.Value > now).Select(entry => entry.Key).ToArray()))
        .Where(orphans => orphans.Item2.Length > 0);

    /// <summary>Takes note of a partition that a snapshot names.</summary>
    public void Know(Partition partition) => _partitions[partition.Digest] = partition;

    /// <summary>Forgets the partitions of a snapshot that is not used after all. Before the log's records.</summary>
    public void Forget() => _partitions.Clear();

    public void Partition(UInt128 partition, PartitionIdentity identity, LogLocation location)
    {
        _partitions[partition] = registry.Restore(identity, location.Address);
        if (_orphans.Remove(partition, out Orphans? waiting))
        {
            waiting.Records.ForEach(apply => apply());
        }
    }

    public void Put(
        in PutHeader header,
        UInt128 embeddedBy,
        ReadOnlySpan<float> vector,
        string[] tags,
        Savings? saved,
        LogLocation location)
    {
        entryIds.Follow(header.EntryId);
        if (!_partitions.TryGetValue(header.Partition, out Partition? partition))
        {
            PutHeader kept = header;
            float[] copy = vector.ToArray();
            Orphans orphans = Defer(header.Partition, () => Put(kept, embeddedBy, copy, tags, saved, location));
            orphans.Expiries[header.EntryId] = header.ExpiresAt;
            return;
        }

        Entry? present = partition.Find(header.TextHash);
        if (present?.Location.Address > location.Address)
        {
            return;
        }

        if (present?.Id != header.EntryId)
        {
            present = Entry.Of(header, saved, location, tags, partition);
            partition.Apply(present, default);
        }
        else if (present.Location != location)
        {
            partition.Move(present, location);
        }
        else if (present.IndexSlot != Entry.AwaitsVector || present.ReembedAddress > 0)
        {
            // The snapshot has all of it.
            return;
        }

        SetVector(present, embeddedBy, vector);
    }

    public void Remove(UInt128 digest, ReadOnlySpan<Guid> entryIds)
    {
        if (!_partitions.TryGetValue(digest, out Partition? partition))
        {
            Guid[] copy = entryIds.ToArray();
            Orphans orphans = Defer(digest, () => Remove(digest, copy));
            Array.ForEach(copy, entryId => orphans.Expiries.Remove(entryId));
            return;
        }

        foreach (Guid entryId in entryIds)
        {
            if (partition.Namespace.Find(entryId) is { } entry && entry.Partition == partition)
            {
                partition.Remove(entry);
            }
        }
    }

    public void Reembed(
        UInt128 digest, Guid entryId, UInt128 embeddedBy, ReadOnlySpan<float> vector, LogLocation location)
    {
        if (!_partitions.TryGetValue(digest, out Partition? partition))
        {
            float[] copy = vector.ToArray();
            Defer(digest, () => Reembed(digest, entryId, embeddedBy, copy, location));
            return;
        }

        if (partition.Namespace.Find(entryId) is { } entry
            && entry.Partition == partition
            && Math.Max(entry.Location.Address, entry.ReembedAddress) < location.Address)
        {
            partition.NoteReembedded(entry, location.Address);
            SetVector(entry, embeddedBy, vector);
        }
    }

    private void SetVector(Entry entry, UInt128 embeddedBy, ReadOnlySpan<float> vector)
    {
        if (embeddedBy == fingerprint)
        {
            entry.Partition.SetVector(entry, vector);
        }
        else
        {
            entry.Partition.AwaitVector(entry);
        }
    }

    private Orphans Defer(UInt128 partition, Action apply)
    {
        if (!_orphans.TryGetValue(partition, out Orphans? waiting))
        {
            _orphans[partition] = waiting = new Orphans();
        }

        waiting.Records.Add(apply);
        return waiting;
    }

    /// <summary>What is known of a partition that nothing names.</summary>
    private sealed class Orphans
    {
        public List<Action> Records { get; } = [];

        /// <summary>The entries, and when each expires.</summary>
        public Dictionary<Guid, DateTimeOffset> Expiries { get; } = [];
    }
}
