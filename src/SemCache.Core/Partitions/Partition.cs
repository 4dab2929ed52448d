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
    private readonly EntryTable<UInt128, ByText> _byText = new();
    private readonly long _ownBytes;
    private long _entryBytes;
    private AccountedBytes _bytes;

    public Partition(CacheNamespace owner, PartitionIdentity identity, UInt128 digest, IndexContext index)
    {
        Namespace = owner;
        Identity = identity;
        Digest = digest;
        Index = new VectorIndex(index, Gate, () => owner.Settings.Index, owner.Memory);
        _ownBytes = Footprint.Of(identity);
        Account();
    }

    public Lock Gate { get; } = new();

    public CacheNamespace Namespace { get; }

    public PartitionIdentity Identity { get; }

    /// <summary>The partition's name in the entry log.</summary>
    public UInt128 Digest { get; }

    /// <summary>Whether the empty partition left the registry: nothing may be added any more. Guarded by the gate.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>The log's segment that holds this partition's latest definition; −1 for none.</summary>
    public long DefinedInSegment { get; set; } = -1;

    public int Count => _byText.Count;

    public VectorIndex Index { get; }

    /// <summary>All entries at some moment during the call.</summary>
    public IEnumerable<Entry> Entries => _byText.Entries;

    public Entry? Find(UInt128 textHash) => _byText.Find(textHash);

    /// <summary>Bytes of memory that are there however few entries there are.</summary>
    public long OwnBytes => _ownBytes;

    /// <summary>Bytes of memory that are given back when an entry goes, about.</summary>
    public long MemoryOf(Entry entry) =>
        Footprint.About(entry) + (entry.IndexSlot >= 0 ? Index.BytesPerEntry : 0) + (_ownBytes / Math.Max(1, Count));

    /// <summary>Bytes of memory and of the log that are given back when an entry goes, about.</summary>
    public long WeightOf(Entry entry) => MemoryOf(entry) + entry.Location.Length;

    /// <summary>Adds an entry and removes the one that it replaces. The gate is held.</summary>
    /// <param name="entry">The new entry.</param>
    /// <param name="vector">Its embedding; empty when it can only be matched exactly.</param>
    public void Apply(Entry entry, ReadOnlySpan<float> vector)
    {
        if (_byText.Find(entry.TextHash) is { } replaced)
        {
            Remove(replaced);
        }

        SetVector(entry, vector);
        Namespace.Add(entry);
        _byText.Put(entry);
        _entryBytes += Footprint.Of(entry);
        Account();
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
        _byText.Remove(entry);
        SetVector(entry, default);
        Namespace.Remove(entry);
        _entryBytes -= Footprint.Of(entry);
        Account();
        return true;
    }

    /// <summary>Notes that the empty partition left the registry. The gate is held.</summary>
    public void Retire()
    {
        IsRetired = true;
        Index.Retire();
        _bytes.Set(0, Namespace.Memory);
    }

    /// <summary>
    /// Appends a record of this partition, its definition before it where the log's segment has none yet. The gate is
    /// held. False when the log has no space at the moment.
    /// </summary>
    public bool TryAppend(EntryLog log, byte[] record, out LogLocation location)
    {
        if (DefinedInSegment != log.TailSegment)
        {
            if (!log.TryAppend(log.Codec.EncodePartition(Digest, Identity), out location))
            {
                return false;
            }

            DefinedInSegment = log.SegmentOf(location);
        }

        return log.TryAppend(record, out location);
    }

    private void Account() => _bytes.Set(_ownBytes + _entryBytes + _byText.Bytes, Namespace.Memory);
}
