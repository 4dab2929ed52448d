using SemCache.Core.Eviction.Policies;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Eviction;

/// <summary>A namespace of one partition, without a log, whose policy is under test.</summary>
internal sealed class PolicyNamespace
{
    private readonly Partition _partition;
    private readonly HashSet<Entry> _taken = [];
    private int _last;

    public PolicyNamespace(EvictionPolicy policy, Holdings? holdings = null)
    {
        NamespaceSettings settings = TestSettings.Of(IndexSettings.Default) with { Eviction = policy };
        Namespace = new CacheNamespace("test", () => settings, holdings ?? new Holdings());
        _partition = new Partition(
            Namespace,
            new PartitionIdentity("test", CanonicalScope.Empty, 0),
            1,
            new IndexContext(32, new TestVectors(), new IndexMaintenance(1, _ => { })),
            new SegmentUsage(1 << 20));
    }

    public CacheNamespace Namespace { get; }

    public IEvictionPolicy Policy => Namespace.Policy;

    /// <summary>Stores an entry; one with the same text goes.</summary>
    public Entry Store(int text, float saving = float.NaN, int recordBytes = 1000) =>
        Add(text, saving, recordBytes, saved: null);

    /// <summary>Adds an entry as a snapshot has it.</summary>
    public Entry Restore(Entry saved) => Add((int)saved.TextHash, saved.Saving, saved.Location.Length, saved);

    public Entry? Find(int text) => _partition.Find((UInt128)text);

    public void Remove(Entry entry)
    {
        lock (_partition.Gate)
        {
            Assert.True(_partition.Remove(entry));
        }
    }

    /// <summary>Evicts one entry.</summary>
    public Entry? Evict()
    {
        Entry? victim = Policy.NextVictim(_taken);
        if (victim is not null)
        {
            Remove(victim);
        }

        return victim;
    }

    private Entry Add(int text, float saving, int recordBytes, Entry? saved)
    {
        _last++;
        var entry = new Entry
        {
            Id = new Guid(_last, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            TextHash = (UInt128)text,
            Location = new LogLocation(_last, recordBytes),
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.MaxValue,
            Saving = saving,
            Hits = saved?.Hits ?? 0,
            Rank = saved?.Rank ?? 0,
            Mark = saved?.Mark ?? 0,
            Tags = [],
            Partition = _partition,
        };
        lock (_partition.Gate)
        {
            _partition.Apply(entry, default, isRanked: saved is not null);
        }

        return entry;
    }
}
