using SemCache.Core;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.IndexBench.Partitions;
using SemCache.StorageBench.Eviction.Traces;

namespace SemCache.StorageBench.Eviction.Replays;

/// <summary>Replays a trace on a namespace of the engine: its own tables, its own policy, without log and model.</summary>
internal sealed class PolicyReplay
{
    private static readonly HashSet<Entry> _noneTaken = [];

    private readonly Trace _trace;
    private readonly CacheNamespace _namespace;
    private readonly Partition _partition;
    private readonly EvictionPolicy _policy;
    private int _lastId;

    private PolicyReplay(Trace trace, EvictionPolicy policy)
    {
        _trace = trace;
        _policy = policy;
        NamespaceSettings settings = PlainSettings.Of(policy);
        _namespace = new CacheNamespace("trace", () => settings, new Holdings());
        _partition = new Partition(
            _namespace,
            new PartitionIdentity("trace", CanonicalScope.Empty, 0),
            1,
            new IndexContext(256, new Unread(), new IndexMaintenance(1, static _ => { })),
            new SegmentUsage(1L << 40));
    }

    /// <summary>Replays all of a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="policy">Who chooses the victims.</param>
    /// <param name="budgetShare">Budget of record bytes, as a share of the working set.</param>
    /// <param name="budget">The same in bytes.</param>
    public static ReplayFigures Run(Trace trace, EvictionPolicy policy, double budgetShare, long budget) =>
        new PolicyReplay(trace, policy).Run(budgetShare, budget);

    private ReplayFigures Run(double budgetShare, long budget)
    {
        var tally = new Tally(_trace);
        foreach (int item in _trace.Requests)
        {
            Entry? entry = _partition.Find((UInt128)item);
            tally.Add(item, entry is not null);
            if (entry is not null)
            {
                _namespace.Policy.Hit(entry);
                continue;
            }

            lock (_partition.Gate)
            {
                _partition.Apply(NewEntry(item), default);
                while (_namespace.Disk.Bytes > budget && _namespace.Policy.NextVictim(_noneTaken) is { } victim)
                {
                    _partition.Remove(victim);
                }
            }
        }

        return tally.Figures(_policy.ToString(), budgetShare);
    }

    private Entry NewEntry(int item)
    {
        _lastId++;
        return new Entry
        {
            Id = new Guid(_lastId, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            TextHash = (UInt128)item,
            Location = new LogLocation(_lastId, _trace.BytesOf(item)),
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.MaxValue,
            Saving = _trace.CostOf(item),
            Tags = [],
            Partition = _partition,
        };
    }

    private sealed class Unread : IExactVectors
    {
        public bool TryRead(Entry entry, Span<float> vector) => false;
    }
}
