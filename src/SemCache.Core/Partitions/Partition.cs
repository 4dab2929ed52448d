using System.Collections.Concurrent;
using SemCache.Core.Indexing;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>
/// One (namespace, scope) pair with its own exact map and its own vector index: a lookup can only ever see what is in
/// here.
/// </summary>
/// <remarks>
/// Changes happen under <see cref="Gate"/>, which is held from the append to the entry log until the change is applied,
/// so that the log's order is the order of application. Reads take no lock.
/// </remarks>
internal sealed class Partition
{
    private readonly ConcurrentDictionary<UInt128, Entry> _byText = new(concurrencyLevel: 1, capacity: 3);
    private readonly SegmentUsage _usage;

    public Partition(
        CacheNamespace owner, PartitionIdentity identity, UInt128 digest, IndexContext index, SegmentUsage usage)
    {
        _usage = usage;
        Namespace = owner;
        Identity = identity;
        Digest = digest;
        Index = new VectorIndex(index, Gate, () => owner.Settings.Index);
    }

    public Lock Gate { get; } = new();

    public CacheNamespace Namespace { get; }

    public PartitionIdentity Identity { get; }

    /// <summary>The partition's name in the entry log.</summary>
    public UInt128 Digest { get; }

    /// <summary>Set under the gate when the empty partition left the registry: nothing may be added any more.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Address of this partition's latest definition in the log; −1 for none.</summary>
    public long DefinedAt { get; set; } = -1;

    public int Count => _byText.Count;

    public VectorIndex Index { get; }

    /// <summary>All entries at some moment during the call.</summary>
    public IEnumerable<Entry> Entries => _byText.Select(pair => pair.Value);

    public Entry? Find(UInt128 textHash) => _byText.TryGetValue(textHash, out Entry? entry) ? entry : null;

    /// <summary>Adds an entry and removes the one that it replaces. The gate is held.</summary>
    /// <param name="entry">The new entry.</param>
    /// <param name="vector">Its embedding; empty when it can only be matched exactly.</param>
    public void Apply(Entry entry, ReadOnlySpan<float> vector)
    {
        if (_byText.TryGetValue(entry.TextHash, out Entry? replaced))
        {
            Remove(replaced);
        }

        Namespace.Add(entry);
        _usage.Add(entry.Location);
        CountVectorIn(entry);
        SetVector(entry, vector);
        _byText[entry.TextHash] = entry;
    }

    /// <summary>Gives an entry the vector that its record holds. The gate is held.</summary>
    public void SetVector(Entry entry, ReadOnlySpan<float> vector)
    {
        if (entry.IndexSlot >= 0)
        {
            Index.Remove(entry);
        }

        if (!vector.IsEmpty)
        {
            Index.Add(entry, vector);
        }
    }

    /// <summary>Removes an entry. The gate is held. False when it was removed before.</summary>
    public bool Remove(Entry entry)
    {
        if (entry.IsRemoved)
        {
            return false;
        }

        entry.IsRemoved = true;
        _byText.TryRemove(new KeyValuePair<UInt128, Entry>(entry.TextHash, entry));
        SetVector(entry, default);
        Namespace.Remove(entry);
        _usage.Remove(entry.Location);
        CountVectorOut(entry);
        return true;
    }

    /// <summary>Notes that the entry's vector stands in a record of its own now. The gate is held.</summary>
    public void NoteReembedded(Entry entry, long address)
    {
        CountVectorOut(entry);
        entry.ReembedAddress = address;
        CountVectorIn(entry);
    }

    /// <summary>
    /// Notes that an entry's record stands elsewhere now, with the vector that the entry has. The gate is held.
    /// </summary>
    public void Move(Entry entry, LogLocation location)
    {
        LogLocation former = entry.Location;
        CountVectorOut(entry);
        // In this order: a reader in between finds the vector in the one record or in the other.
        entry.Location = location;
        entry.ReembedAddress = 0;
        _usage.Add(location);
        _usage.Remove(former);
        Namespace.Resized(location.Length - former.Length);
    }

    /// <summary>
    /// Appends a record of this partition, its definition before it where the log's segment has none yet. The gate is
    /// held. False when the log has no space at the moment.
    /// </summary>
    public bool TryAppend(EntryLog log, byte[] record, out LogLocation location)
    {
        bool isDefined = DefinedAt >= 0 && DefinedAt / log.SegmentSize == log.TailSegment;
        if (!isDefined && !TryDefine(log))
        {
            location = default;
            return false;
        }

        return log.TryAppend(record, out location);
    }

    /// <summary>Appends the partition's definition. The gate is held. False when the log has no space at the moment.</summary>
    public bool TryDefine(EntryLog log)
    {
        bool isAppended = log.TryAppend(log.Codec.EncodePartition(Digest, Identity), out LogLocation location);
        DefinedAt = isAppended ? location.Address : DefinedAt;
        return isAppended;
    }

    private void CountVectorIn(Entry entry)
    {
        if (VectorRecordOf(entry) is { } record)
        {
            _usage.Add(record);
        }
    }

    private void CountVectorOut(Entry entry)
    {
        if (VectorRecordOf(entry) is { } record)
        {
            _usage.Remove(record);
        }
    }

    // As if it had all components: with another model's, or none, it will soon be of no use.
    private LogLocation? VectorRecordOf(Entry entry) => entry.ReembedAddress is > 0 and long address
        ? new LogLocation(address, RecordCodec.ReembedBytes(Index.Dimension))
        : null;
}
