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
    private readonly SegmentUsage _usage;
    private readonly long _ownBytes;
    private readonly int _definitionBytes;
    private long _entryBytes;
    private AccountedBytes _bytes;
    private int _withoutVector;

    // How far the log must be durable for all entries that are gone to stay gone.
    private long _settledBy;

    public Partition(
        CacheNamespace owner, PartitionIdentity identity, UInt128 digest, IndexContext index, SegmentUsage usage)
    {
        _usage = usage;
        Namespace = owner;
        Identity = identity;
        Digest = digest;
        Index = new VectorIndex(index, Gate, () => owner.Settings.Index, owner.Memory);
        _ownBytes = Footprint.Of(identity);
        _definitionBytes = RecordCodec.PartitionBytes(identity);
        Account();
    }

    public Lock Gate { get; } = new();

    public CacheNamespace Namespace { get; }

    public PartitionIdentity Identity { get; }

    /// <summary>The partition's name in the entry log.</summary>
    public UInt128 Digest { get; }

    /// <summary>Whether the empty partition left the registry: nothing may be added any more. Guarded by the gate.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>
    /// Address of this partition's latest definition in the log, which is live as long as the partition is there; −1 for none.
    /// </summary>
    public long DefinedAt { get; private set; } = -1;

    public int Count => _byText.Count;

    public VectorIndex Index { get; }

    /// <summary>Entries whose vector is not in the index yet: searches do not find them.</summary>
    public int WithoutVector => Volatile.Read(ref _withoutVector);

    /// <summary>Whether the index has a graph, or has one to get when all vectors are there.</summary>
    public bool WantsGraph => Index.HasGraph || Index.Count + WithoutVector > Index.Settings.FlatEntries;

    /// <summary>All entries at some moment during the call.</summary>
    public IEnumerable<Entry> Entries => _byText.Entries;

    public Entry? Find(UInt128 textHash) => _byText.Find(textHash);

    /// <summary>Bytes of memory that are there however few entries there are.</summary>
    public long OwnBytes => _ownBytes;

    /// <summary>Bytes of memory that are given back when an entry goes, about.</summary>
    public long MemoryOf(Entry entry) =>
        Footprint.About(entry) + (entry.IndexSlot >= 0 ? Index.BytesPerEntry : 0) + (_ownBytes / Math.Max(1, Count));

    /// <summary>Bytes of the log that are given back when an entry goes, about.</summary>
    public long DiskOf(Entry entry) => entry.Location.Length + (_definitionBytes / Math.Max(1, Count));

    /// <summary>Bytes of memory and of the log that are given back when an entry goes, about.</summary>
    public long WeightOf(Entry entry) => MemoryOf(entry) + DiskOf(entry);

    /// <summary>Adds an entry and removes the one that it replaces. The gate is held.</summary>
    /// <param name="entry">The new entry.</param>
    /// <param name="vector">Its embedding; empty when it can only be matched exactly.</param>
    /// <param name="isRanked">Whether the namespace's policy of eviction has ranked it before a start.</param>
    public void Apply(Entry entry, ReadOnlySpan<float> vector, bool isRanked = false)
    {
        Entry? replaced = _byText.Find(entry.TextHash);
        _usage.Add(entry.Location);
        CountVectorIn(entry);
        SetVector(entry, vector);
        Namespace.Add(entry, isRanked);
        _byText.Put(entry);
        _entryBytes += Footprint.Of(entry);
        Account();

        // Goes when its successor is there: who asks meanwhile finds one or the other.
        if (replaced is not null)
        {
            Remove(replaced);
        }
    }

    /// <summary>Gives an entry the vector that its record holds. The gate is held.</summary>
    public void SetVector(Entry entry, ReadOnlySpan<float> vector)
    {
        TakeVector(entry);
        if (!vector.IsEmpty)
        {
            Index.Add(entry, vector);
        }
    }

    /// <summary>As above, with the quantised vector. The gate is held.</summary>
    public void SetVector(Entry entry, ReadOnlySpan<byte> row, float scale)
    {
        TakeVector(entry);
        Index.Add(entry, row, scale);
    }

    /// <summary>Notes that an entry has to be given its vector: until then no search finds it. The gate is held.</summary>
    public void AwaitVector(Entry entry)
    {
        TakeVector(entry);
        entry.IndexSlot = Entry.AwaitsVector;
        Volatile.Write(ref _withoutVector, _withoutVector + 1);
    }

    /// <summary>Takes over a graph that was saved: see <see cref="VectorIndex.Adopt"/>. The gate is held.</summary>
    public void Adopt(GraphAdoption adoption) =>
        Volatile.Write(ref _withoutVector, _withoutVector - Index.Adopt(adoption));

    /// <summary>Makes room for so many entries at once. The gate is held.</summary>
    public void Reserve(int count)
    {
        _byText.Reserve(count);
        Account();
    }

    /// <summary>
    /// Adds an entry as it was when a snapshot was made; it may be gone by now. Of two for the same text, that with the later
    /// record stays. The gate is held.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="awaitsVector">Whether it is to be given a vector.</param>
    /// <param name="isRanked">Whether its rank is one of the namespace's present policy of eviction.</param>
    public void Restore(Entry entry, bool awaitsVector, bool isRanked)
    {
        if (Find(entry.TextHash) is { } present)
        {
            if (present.Location.Address >= entry.Location.Address)
            {
                return;
            }

            Remove(present);
        }

        Apply(entry, default, isRanked);
        if (awaitsVector)
        {
            AwaitVector(entry);
        }
    }

    /// <summary>
    /// Removes an entry, for a record that was appended under the gate. The gate is held. False when it was removed before.
    /// </summary>
    public bool Remove(Entry entry) => Remove(entry, _usage.AppendedUntil);

    /// <summary>Removes an entry that has expired, which needs no record. The gate is held. False when it was removed before.</summary>
    public bool Expire(Entry entry) => Remove(entry, settledBy: 0);

    private bool Remove(Entry entry, long settledBy)
    {
        if (entry.IsRemoved)
        {
            return false;
        }

        entry.IsRemoved = true;
        _byText.Remove(entry);
        SetVector(entry, default);
        Namespace.Remove(entry);
        _usage.Remove(entry.Location, settledBy);
        CountVectorOut(entry, settledBy);
        _settledBy = Math.Max(_settledBy, settledBy);
        _entryBytes -= Footprint.Of(entry);
        Account();
        return true;
    }

    /// <summary>Notes that the entry's vector stands in a record of its own now. The gate is held.</summary>
    public void NoteReembedded(Entry entry, long address)
    {
        CountVectorOut(entry, _usage.AppendedUntil);
        entry.ReembedAddress = address;
        CountVectorIn(entry);
    }

    /// <summary>
    /// Notes that an entry's record stands elsewhere now, with the vector that the entry has. The gate is held.
    /// </summary>
    public void Move(Entry entry, LogLocation location)
    {
        LogLocation former = entry.Location;
        CountVectorOut(entry, _usage.AppendedUntil);
        // In this order: a reader in between finds the vector in the one record or in the other.
        entry.Location = location;
        entry.ReembedAddress = 0;
        _usage.Add(location);
        _usage.Remove(former);
        Namespace.Resized(location.Length - former.Length);
    }

    /// <summary>Notes that the empty partition left the registry. The gate is held.</summary>
    public void Retire()
    {
        IsRetired = true;
        ForgetDefinition();
        Index.Retire();
        _bytes.Set(0, Namespace.Memory);
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
        if (isAppended)
        {
            NoteDefined(location.Address);
        }

        return isAppended;
    }

    /// <summary>Notes where the log defines the partition. The gate is held, or the cache not served yet.</summary>
    public void NoteDefined(long address)
    {
        if (DefinedAt >= address)
        {
            return;
        }

        _usage.Add(new LogLocation(address, _definitionBytes));
        Namespace.Resized(_definitionBytes);
        ForgetDefinition(_usage.AppendedUntil);
        DefinedAt = address;
    }

    /// <summary>
    /// Takes the partition as not defined: nothing in the log needs its definition. The next record brings another. The gate is
    /// held.
    /// </summary>
    public void ForgetDefinition() => ForgetDefinition(_settledBy);

    private void ForgetDefinition(long settledBy)
    {
        if (DefinedAt >= 0)
        {
            _usage.Remove(new LogLocation(DefinedAt, _definitionBytes), settledBy);
            Namespace.Resized(-_definitionBytes);
            DefinedAt = -1;
        }
    }

    private void CountVectorIn(Entry entry)
    {
        if (VectorRecordOf(entry) is { } record)
        {
            _usage.Add(record);
        }
    }

    private void CountVectorOut(Entry entry, long settledBy)
    {
        if (VectorRecordOf(entry) is { } record)
        {
            _usage.Remove(record, settledBy);
        }
    }

    // As if it had all components: with another model's, or none, it will soon be of no use.
    private LogLocation? VectorRecordOf(Entry entry) => entry.ReembedAddress is > 0 and long address
        ? new LogLocation(address, RecordCodec.ReembedBytes(Index.Dimension))
        : null;

    private void TakeVector(Entry entry)
    {
        if (entry.IndexSlot >= 0)
        {
            Index.Remove(entry);
        }
        else if (entry.IndexSlot == Entry.AwaitsVector)
        {
            entry.IndexSlot = Entry.NoVector;
            Volatile.Write(ref _withoutVector, _withoutVector - 1);
        }
    }

    private void Account() => _bytes.Set(_ownBytes + _entryBytes + _byText.Bytes, Namespace.Memory);
}
