using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>
/// Rebuilds the registry from the entry log's records, in their order. Runs alone, before anything is served.
/// </summary>
internal sealed class Recovery(PartitionRegistry registry, EntryIds entryIds, UInt128 fingerprint) : IRecordSink
{
    private readonly Dictionary<UInt128, Partition> _partitions = [];

    // Records whose partition's definition was damaged: applied when another definition turns up, else dropped.
    private readonly Dictionary<UInt128, Orphans> _orphans = [];

    private readonly HashSet<Entry> _foreign = [];

    /// <summary>Entries whose vector was made by another embedder, or is missing.</summary>
    public IReadOnlyCollection<Entry> NeedEmbedding => _foreign;

    /// <summary>Entries whose partition nothing names, by the digest of that partition.</summary>
    public IEnumerable<(UInt128 Partition, Guid[] EntryIds)> OrphanedEntries => _orphans
        .Where(orphans => orphans.Value.EntryIds.Count > 0)
        .Select(orphans => (orphans.Key, orphans.Value.EntryIds.ToArray()));

    public void Partition(UInt128 partition, PartitionIdentity identity, LogLocation location)
    {
        _partitions[partition] = registry.Restore(identity, location);
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
            orphans.EntryIds.Add(header.EntryId);
            return;
        }

        Entry entry = Entry.Of(header, saved, location, tags, partition);
        bool foreign = embeddedBy != fingerprint;
        Forget(partition.Find(header.TextHash));
        partition.Apply(entry, foreign ? default : vector);
        if (foreign)
        {
            _foreign.Add(entry);
        }
    }

    public void Remove(UInt128 digest, ReadOnlySpan<Guid> entryIds)
    {
        if (!_partitions.TryGetValue(digest, out Partition? partition))
        {
            Guid[] copy = entryIds.ToArray();
            Orphans orphans = Defer(digest, () => Remove(digest, copy));
            orphans.EntryIds.ExceptWith(copy);
            return;
        }

        foreach (Guid entryId in entryIds)
        {
            if (partition.Namespace.Find(entryId) is { } entry && entry.Partition == partition)
            {
                Forget(entry);
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

        if (partition.Namespace.Find(entryId) is not { } entry)
        {
            return;
        }

        bool foreign = embeddedBy != fingerprint;
        partition.NoteReembedded(entry, location.Address);
        partition.SetVector(entry, foreign ? default : vector);
        if (foreign)
        {
            _foreign.Add(entry);
        }
        else
        {
            _foreign.Remove(entry);
        }
    }

    private void Forget(Entry? entry)
    {
        if (entry is not null)
        {
            _foreign.Remove(entry);
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

        public HashSet<Guid> EntryIds { get; } = [];
    }
}
