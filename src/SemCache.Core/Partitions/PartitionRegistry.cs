using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>
/// All namespaces and their partitions. A partition comes into being with its first entry; a namespace with its first
/// lookup or entry, so that every lookup is counted.
/// </summary>
/// <remarks>Reads take no lock. Namespaces and partitions are created and retired under one lock, so that the limits
/// on their numbers are exact.</remarks>
internal sealed class PartitionRegistry(
    LimitsOptions limits,
    SemCacheMetrics metrics,
    IndexContext index,
    SegmentUsage usage,
    Func<string, NamespaceSettings> settings)
{
    private readonly ConcurrentDictionary<string, CacheNamespace> _namespaces = new(StringComparer.Ordinal);
    private readonly Lock _creation = new();
    private int _partitionCount;

    /// <summary>What all namespaces hold together.</summary>
    public Holdings Holdings { get; } = new();

    public int PartitionCount => Volatile.Read(ref _partitionCount);

    public IEnumerable<CacheNamespace> Namespaces => _namespaces.Select(pair => pair.Value);

    public IEnumerable<Partition> Partitions => Namespaces.SelectMany(ns => ns.Partitions.Select(pair => pair.Value));

    /// <summary>The options of a namespace, whether or not it exists, as configured at the moment.</summary>
    public NamespaceSettings SettingsOf(string name) => settings(name);

    public CacheNamespace? FindNamespace(string name) =>
        _namespaces.TryGetValue(name, out CacheNamespace? found) ? found : null;

    /// <summary>
    /// The namespace of a lookup. Null when it has no entries and all places are taken: a lookup takes no place from
    /// anybody, it is then just not counted.
    /// </summary>
    public CacheNamespace? FindOrObserve(string name)
    {
        if (FindNamespace(name) is { } found)
        {
            return found;
        }

        lock (_creation)
        {
            return FindNamespace(name)
                ?? (_namespaces.Count < limits.MaxNamespaces ? _namespaces[name] = Create(name) : null);
        }
    }

    /// <exception cref="LimitReachedException">There are as many namespaces or partitions as allowed.</exception>
    public Partition GetOrAdd(PartitionIdentity identity) =>
        GetOrAdd(identity, limits.MaxNamespaces, limits.MaxPartitions);

    /// <summary>
    /// Brings back a partition that was stored once. Never refused: lowering a limit must not cost anybody an entry.
    /// </summary>
    /// <param name="identity">The partition.</param>
    /// <param name="definedAt">Where the log defines it; −1 when that is not known.</param>
    public Partition Restore(PartitionIdentity identity, long definedAt)
    {
        Partition partition = GetOrAdd(identity, int.MaxValue, int.MaxValue);
        partition.NoteDefined(definedAt);
        return partition;
    }

    /// <summary>The partition, if it is there.</summary>
    public Partition? Find(PartitionIdentity identity) =>
        TryFind(identity, out Partition? partition) ? partition : null;

    /// <summary>
    /// Returns when every change that somebody was about to apply when it was called is applied. Who appends a record holds the
    /// gate of a partition until it is applied, and has found the partition here.
    /// </summary>
    public void Settle()
    {
        foreach (Partition partition in Partitions)
        {
            partition.Gate.Enter();
            partition.Gate.Exit();
        }
    }

    /// <summary>Brings back a namespace that is to receive so many entries.</summary>
    public void Reserve(string name, int entries)
    {
        lock (_creation)
        {
            (FindNamespace(name) ?? AddNamespace(name, int.MaxValue)).Reserve(entries);
        }
    }

    /// <summary>Lets go of all entries and partitions: of a start that begins anew, before anything is served.</summary>
    public void Clear()
    {
        foreach (Partition partition in Partitions.ToList())
        {
            lock (partition.Gate)
            {
                foreach (Entry entry in partition.Entries.ToList())
                {
                    partition.Remove(entry);
                }
            }

            RetireIfEmpty(partition);
        }
    }

    /// <summary>Lets go of a partition if it is empty. A store that holds it finds it retired and asks again.</summary>
    public void RetireIfEmpty(Partition partition)
    {
        if (partition.Count > 0)
        {
            return;
        }

        lock (partition.Gate)
        {
            if (partition.Count > 0 || partition.IsRetired)
            {
                return;
            }

            partition.Retire();
            lock (_creation)
            {
                partition.Namespace.Partitions.TryRemove(partition.Identity, out _);
                _partitionCount--;
                if (partition.Namespace.Partitions.IsEmpty)
                {
                    partition.Namespace.Vacate();
                }
            }
        }
    }

    private Partition GetOrAdd(PartitionIdentity identity, int maxNamespaces, int maxPartitions)
    {
        if (TryFind(identity, out Partition? partition))
        {
            return partition;
        }

        UInt128 digest = identity.Digest();
        lock (_creation)
        {
            if (TryFind(identity, out partition))
            {
                return partition;
            }

            if (_partitionCount >= maxPartitions)
            {
                metrics.Refused("partitions");
                throw new LimitReachedException(
                    $"scope: {maxPartitions} partitions exist already (SemCache:Limits:MaxPartitions)", null);
            }

            CacheNamespace ns = FindNamespace(identity.Namespace) ?? AddNamespace(identity.Namespace, maxNamespaces);
            ns.Occupy();
            partition = new Partition(ns, identity, digest, index, usage);
            ns.Partitions[identity] = partition;
            _partitionCount++;
            return partition;
        }
    }

    private CacheNamespace Create(string name) => new(name, () => settings(name), Holdings);

    private bool TryFind(PartitionIdentity identity, [NotNullWhen(true)] out Partition? partition)
    {
        partition = null;
        return FindNamespace(identity.Namespace)?.Partitions.TryGetValue(identity, out partition) == true;
    }

    // A namespace without entries keeps its counters for as long as its place is not needed.
    private CacheNamespace AddNamespace(string name, int max)
    {
        if (_namespaces.Count >= max)
        {
            foreach (CacheNamespace empty in Namespaces.Where(ns => ns.Partitions.IsEmpty).ToList())
            {
                _namespaces.TryRemove(empty.Name, out _);
                empty.Retire();
            }
        }

        if (_namespaces.Count >= max)
        {
            metrics.Refused("namespaces");
            throw new LimitReachedException(
                $"namespace: {max} namespaces exist already (SemCache:Limits:MaxNamespaces)", null);
        }

        return _namespaces[name] = Create(name);
    }
}
