using System.Collections.Concurrent;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;

namespace SemCache.Core.Partitions;

/// <summary>One namespace: its partitions, its entries by id, its counters.</summary>
/// <remarks>
/// Entries come and go through their partition, under its gate. As they come from many partitions, a lock guards the map of
/// ids against two writers; it is the innermost.
/// </remarks>
/// <param name="name">Its name.</param>
/// <param name="settings">Its options, as configured at the moment.</param>
/// <param name="all">The account of all namespaces.</param>
internal sealed class CacheNamespace(string name, Func<NamespaceSettings> settings, MemoryAccount all)
{
    private readonly EntryTable<Guid, ById> _entries = new();
    private readonly Lock _writing = new();
    private AccountedBytes _tableBytes;
    private long _bytes;

    public string Name { get; } = name;

    /// <summary>The namespace's options, as configured at the moment.</summary>
    public NamespaceSettings Settings => settings();

    public ConcurrentDictionary<PartitionIdentity, Partition> Partitions { get; } = new();

    public NamespaceCounters Counters { get; } = new();

    public int EntryCount => _entries.Count;

    /// <summary>Bytes of memory that the namespace's entries and partitions take.</summary>
    public MemoryAccount Memory { get; } = new(all);

    /// <summary>Bytes of the entries' records in the entry log.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>All entries at some moment during the call.</summary>
    public IEnumerable<Entry> Entries => _entries.Entries;

    /// <summary>What a hit saves, in the unit that the namespace is configured to save; NaN when it is not known.</summary>
    public float Saving(Savings? saved)
    {
        double amount = (Settings.Saving, saved) switch
        {
            (SavingUnit.Hits, _) => 1,
            (SavingUnit.Cost, { } known) => known.Cost,
            (SavingUnit.Tokens, { } known) => known.Tokens,
            (SavingUnit.Time, { } known) => known.Time.TotalSeconds,
            _ => 0,
        };
        return amount > 0 ? (float)amount : float.NaN;
    }

    public Entry? Find(Guid entryId) => _entries.Find(entryId);

    /// <summary>Some entry; null when there is none.</summary>
    public Entry? Sample(uint random) => _entries.Sample(random);

    /// <summary>Makes room for so many entries more.</summary>
    public void Reserve(int count)
    {
        lock (_writing)
        {
            _entries.Reserve(_entries.Count + count);
            _tableBytes.Set(_entries.Bytes, Memory);
        }
    }

    public void Add(Entry entry)
    {
        lock (_writing)
        {
            _entries.Put(entry);
            _tableBytes.Set(_entries.Bytes, Memory);
        }

        Interlocked.Add(ref _bytes, entry.Location.Length);
    }

    public void Remove(Entry entry)
    {
        lock (_writing)
        {
            _entries.Remove(entry);
            _tableBytes.Set(_entries.Bytes, Memory);
        }

        Interlocked.Add(ref _bytes, -entry.Location.Length);
    }

    /// <summary>An entry's record takes so many bytes more in the log, or fewer.</summary>
    public void Resized(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Entries whose vector is not in memory yet.</summary>
    public long WithoutVector => Partitions.Sum(pair => (long)pair.Value.WithoutVector);

    /// <summary>The sum of a figure over the partitions' indexes.</summary>
    public long SumOfIndexes(Func<VectorIndex, long> figure) => Partitions.Sum(pair => figure(pair.Value.Index));

    public NamespaceStats ReadStats() => Counters.Read(
        Name, EntryCount, WithoutVector, Partitions.Count, Bytes, SumOfIndexes(index => index.Bytes));
}
