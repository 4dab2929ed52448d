using System.Collections.Concurrent;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;

namespace SemCache.Core.Partitions;

/// <summary>One namespace: its partitions, its entries by id, its counters.</summary>
/// <remarks>Entries come and go through their partition, under its gate.</remarks>
internal sealed class CacheNamespace(string name, Func<NamespaceSettings> settings)
{
    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();
    private long _bytes;

    public string Name { get; } = name;

    /// <summary>The namespace's options, as configured at the moment.</summary>
    public NamespaceSettings Settings => settings();

    public ConcurrentDictionary<PartitionIdentity, Partition> Partitions { get; } = new();

    public NamespaceCounters Counters { get; } = new();

    public int EntryCount => _entries.Count;

    /// <summary>Bytes of the entries' records in the entry log.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>All entries at some moment during the call.</summary>
    public IEnumerable<Entry> Entries => _entries.Select(pair => pair.Value);

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

    public Entry? Find(Guid entryId) => _entries.TryGetValue(entryId, out Entry? entry) ? entry : null;

    public void Add(Entry entry)
    {
        _entries[entry.Id] = entry;
        Interlocked.Add(ref _bytes, entry.Location.Length);
    }

    public void Remove(Entry entry)
    {
        _entries.TryRemove(entry.Id, out _);
        Interlocked.Add(ref _bytes, -entry.Location.Length);
    }

    /// <summary>An entry's record takes so many bytes more in the log, or fewer.</summary>
    public void Resized(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>The sum of a figure over the partitions' indexes.</summary>
    public long SumOfIndexes(Func<VectorIndex, long> figure) => Partitions.Sum(pair => figure(pair.Value.Index));

    public NamespaceStats ReadStats() => Counters.Read(
        Name, EntryCount, Partitions.Count, Bytes, SumOfIndexes(index => index.Bytes));
}
