using System.Collections.Concurrent;
using SemCache.Core.Diagnostics;
using SemCache.Core.Eviction.Policies;
using SemCache.Core.Indexing;

namespace SemCache.Core.Partitions;

/// <summary>One namespace: its partitions, its entries by id, its counters.</summary>
/// <remarks>
/// Entries come and go through their partition, under its gate. As they come from many partitions, a lock guards the map of
/// ids against two writers; it is the innermost.
/// </remarks>
internal sealed class CacheNamespace
{
    private readonly Func<NamespaceSettings> _settings;
    private readonly Holdings _all;
    private readonly EntryTable<Guid, ById> _entries = new();
    private readonly Lock _writing = new();
    private AccountedBytes _ownBytes;
    private bool _isOccupied;

    /// <param name="name">Its name.</param>
    /// <param name="settings">Its options, as configured at the moment.</param>
    /// <param name="all">What all namespaces hold together.</param>
    public CacheNamespace(string name, Func<NamespaceSettings> settings, Holdings all)
    {
        Name = name;
        _settings = settings;
        _all = all;
        Memory = new ByteAccount(all.Memory);
        (Eviction, SavingAtFirst) = (Settings.Eviction, Settings.Saving);
        Policy = EvictionPolicies.Create(Eviction, _entries.Sample, new Random());
    }

    /// <summary>How victims are chosen, since the namespace came into being.</summary>
    public EvictionPolicy Eviction { get; }

    /// <summary>
    /// What of a hit is worth saving, since the namespace came into being: savings in two units cannot be compared.
    /// </summary>
    public SavingUnit SavingAtFirst { get; }

    /// <summary>Stores that wait for entries to be evicted.</summary>
    public int Waiting;

    public string Name { get; }

    /// <summary>The namespace's options, as configured at the moment.</summary>
    public NamespaceSettings Settings => _settings();

    public ConcurrentDictionary<PartitionIdentity, Partition> Partitions { get; } = new();

    public NamespaceCounters Counters { get; } = new();

    public int EntryCount => _entries.Count;

    /// <summary>Bytes of memory that the namespace's entries and partitions take.</summary>
    public ByteAccount Memory { get; }

    /// <summary>Bytes that the entries' records and the partitions' latest definitions take in the log.</summary>
    public ByteAccount Disk { get; } = new();

    /// <summary>Chooses which entries go when a budget is used up.</summary>
    public IEvictionPolicy Policy { get; }

    /// <summary>All entries at some moment during the call.</summary>
    public IEnumerable<Entry> Entries => _entries.Entries;

    /// <summary>What a hit saves, in the unit of the namespace; NaN when it is not known.</summary>
    public float Saving(Savings? saved)
    {
        double amount = (SavingAtFirst, saved) switch
        {
            (SavingUnit.Hits, _) => 1,
            (SavingUnit.Cost, { } known) => known.Cost,
            (SavingUnit.Tokens, { } known) => known.Tokens,
            (SavingUnit.Time, { } known) => known.Time.TotalSeconds,
            _ => 0,
        };
        return (float)amount;
    }

    public Entry? Find(Guid entryId) => _entries.Find(entryId);

    /// <summary>Makes room for so many entries more.</summary>
    public void Reserve(int count)
    {
        lock (_writing)
        {
            _entries.Reserve(_entries.Count + count);
            Account();
        }
    }

    /// <summary>Adds an entry whose place in the index is settled.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isRanked">Whether the namespace's policy of eviction has ranked it before a start.</param>
    public void Add(Entry entry, bool isRanked)
    {
        if (isRanked)
        {
            Policy.Restored(entry);
        }
        else
        {
            Policy.Added(entry);
        }

        lock (_writing)
        {
            _entries.Put(entry);
            Account();
        }

        Disk.Add(entry.Location.Length);
    }

    public void Remove(Entry entry)
    {
        lock (_writing)
        {
            _entries.Remove(entry);
            Account();
        }

        Policy.Removed(entry);
        _all.HotResponses.Remove(entry);
        Disk.Add(-entry.Location.Length);
    }

    /// <summary>An entry's record or a partition's definition takes so many bytes more in the log, or fewer.</summary>
    public void Resized(long bytes) => Disk.Add(bytes);

    /// <summary>Entries whose vector is not in memory yet.</summary>
    public long WithoutVector => Partitions.Sum(pair => (long)pair.Value.WithoutVector);

    /// <summary>The sum of a figure over the partitions' indexes.</summary>
    public long SumOfIndexes(Func<VectorIndex, long> figure) => Partitions.Sum(pair => figure(pair.Value.Index));

    public NamespaceStats ReadStats() => Counters.Read(new NamespaceHoldings(
        Name, EntryCount, WithoutVector, Partitions.Count, Disk.Bytes, Memory.Bytes, SumOfIndexes(index => index.Bytes)));

    /// <summary>
    /// Notes that the namespace has partitions. Before, next to nothing of it is held, and nothing counts: lookups bring
    /// namespaces into being, and no entry is to go for one that has none.
    /// </summary>
    public void Occupy()
    {
        lock (_writing)
        {
            _isOccupied = true;
            Counters.KeepLatency();
            Account();
        }
    }

    /// <summary>Notes that the last partition is gone.</summary>
    public void Vacate()
    {
        lock (_writing)
        {
            _isOccupied = false;
            Counters.DropLatency();
            Account();
        }
    }

    /// <summary>Notes that the empty namespace left the registry: nothing of it counts any more.</summary>
    public void Retire()
    {
        lock (_writing)
        {
            _ownBytes.Set(0, Memory);
        }
    }

    private void Account() =>
        _ownBytes.Set((_isOccupied ? Footprint.Namespace : 0) + _entries.Bytes + Policy.Bytes, Memory);
}
