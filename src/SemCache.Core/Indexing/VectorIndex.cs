using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <summary>
/// The vectors of one partition. Small, it is a scan of all of them; larger, a graph beside a scan of what is not linked
/// yet. Both find by quantised vectors, and what they find is scored again, exactly.
/// </summary>
/// <remarks>
/// One writer at a time, who holds the partition's gate; <see cref="Maintain"/> takes the gate for moments. Searches run at
/// any time, wait for nobody, and never return an entry whose removal has returned.
/// </remarks>
/// <param name="context">What all indexes share.</param>
/// <param name="gate">The partition's gate.</param>
/// <param name="settings">How the index is built and searched, as configured at the moment.</param>
/// <param name="memory">Where the bytes of memory are added up.</param>
internal sealed partial class VectorIndex(
    IndexContext context, Lock gate, Func<IndexSettings> settings, ByteAccount memory)
{
    // A graph is dropped when the entries have become half of those that one is made for.
    private const int Hysteresis = 2;

    // A scanned arena gives memory back when only one in so many of its rows is used.
    private const int LeastUse = 3;

    // Held while the graph is changed, or read as a whole. Taken before the gate.
    private readonly Lock _maintaining = new();
    private volatile VectorArena _arena = new(context.Dimension);
    private volatile LinkedIndex? _linked;
    private int _count;
    private int _queued;

    // Whether slots are neither used nor free: a graph had not given them back when it was dropped. Under the gate.
    private bool _hasLooseSlots;

    // Under the gate.
    private AccountedBytes _accounted;
    private bool _isRetired;

    /// <summary>Stores that wait for maintenance to catch up.</summary>
    public int Waiting;

    /// <summary>Components of a vector.</summary>
    public int Dimension => context.Dimension;

    /// <summary>Entries in the index.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of vectors and links, with what is held for those to come.</summary>
    public long Bytes => _linked is { } linked ? linked.Arena.Bytes + linked.Graph.Bytes : _arena.Bytes;

    /// <summary>Bytes of vectors and links that there are, and of what they stand in.</summary>
    public long UsedBytes => _accounted.Bytes;

    /// <summary>Bytes of one entry's vector, and of its links if there is a graph.</summary>
    public int BytesPerEntry => _arena.RowBytes + (_linked?.Graph.BytesPerNode ?? 0);

    /// <summary>Nodes of the graph; 0 without one.</summary>
    public int Linked => _linked?.Graph.Count ?? 0;

    /// <summary>Slots that wait to be linked: every search scans them.</summary>
    public int Pending => _linked?.Pending.Count ?? 0;

    /// <summary>Slots that wait to be linked or taken out.</summary>
    public int Backlog => _linked?.Backlog ?? 0;

    /// <summary>
    /// Of <see cref="Pending"/>, slots that were there before the graph was made or loaded. They say how long ago that
    /// was, not how fast entries come.
    /// </summary>
    public int Inherited => _linked?.Inherited ?? 0;

    /// <summary>Whether there are more entries than a scan is for.</summary>
    public bool IsLarge => _count > settings().FlatEntries;

    /// <summary>Whether there is a graph.</summary>
    public bool HasGraph => _linked is not null;

    /// <summary>How the index is built and searched, as configured at the moment.</summary>
    public IndexSettings Settings => settings();

    /// <summary>Adds an entry and notes its slot in it. The gate is held.</summary>
    /// <param name="entry">The entry; the context's exact vectors know its vector from now on.</param>
    /// <param name="vector">Unit length, of the context's dimension.</param>
    public void Add(Entry entry, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, context.Dimension);
        Added(_arena.Add(entry, vector));
    }

    /// <summary>As above, with a row that was saved.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="row">The quantised components.</param>
    /// <param name="scale">What a quantised value is to be multiplied with.</param>
    public void Add(Entry entry, ReadOnlySpan<byte> row, float scale)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, context.Dimension);
        Added(_arena.Add(entry, row, scale));
    }

    /// <summary>
    /// What waits to be linked was there before: whoever stores now has not caused it and need not wait for it. The gate is
    /// held.
    /// </summary>
    public void Inherit() => _linked?.Inherit();

    /// <summary>Removes an entry that was added. The gate is held.</summary>
    public void Remove(Entry entry)
    {
        int slot = entry.IndexSlot;
        if (_arena.EntryOf(slot) != entry)
        {
            throw new InvalidOperationException($"Slot {slot} belongs to another entry.");
        }

        _arena.Clear(slot);
        entry.IndexSlot = Entry.NoVector;
        _count--;
        if (_linked is { } linked)
        {
            linked.Remove(slot);
        }
        else
        {
            _arena.Free(slot);
            if (_count < _arena.Rows / LeastUse && _arena.Rows > VectorArena.SmallestBlock)
            {
                _arena = Compacted(_arena);
            }
        }

        Account();
        RequestMaintenance();
    }

    /// <summary>Notes that the partition is gone: from now on nothing is accounted for. The gate is held.</summary>
    public void Retire()
    {
        _isRetired = true;
        Account();
    }

    /// <summary>
    /// Makes or drops the graph as the number of entries has it, and catches up with what was added and removed. Without
    /// the gate.
    /// </summary>
    /// <remarks>
    /// Whatever it throws, the graph is dropped, and nobody asks for maintenance again: that is up to who called.
    /// </remarks>
    /// <returns>Whether something is left to do.</returns>
    public bool Maintain(int threads)
    {
        Volatile.Write(ref _queued, 0);
        lock (_maintaining)
        {
            try
            {
                lock (gate)
                {
                    Adapt(settings());
                }

                bool isBehind = _linked is { } linked && (linked.CatchUp(gate, threads) | linked.Shrink(gate, _count));
                lock (gate)
                {
                    Account();
                }

                return isBehind;
            }
            catch
            {
                // Half changed, it would fail again, and so would one that is saved and loaded.
                DropGraph();
                Volatile.Write(ref _queued, 1);
                throw;
            }
        }
    }

    /// <summary>Has maintenance look at the index, if there is a graph or should be one; returns at once.</summary>
    public void RequestMaintenance()
    {
        if ((HasGraph || IsLarge) && Interlocked.Exchange(ref _queued, 1) == 0)
        {
            context.Maintenance.Request(this);
        }
    }

    /// <summary>
    /// Checks the graph, while it is not changed, and that every entry is found by it or by the scan beside it. A graph
    /// that is not as it must be is dropped and made anew.
    /// </summary>
    public IndexReport Validate()
    {
        IndexReport report;
        lock (_maintaining)
        {
            IReadOnlyList<string> problems = _linked is { } linked ? Problems(linked) : [];
            report = new IndexReport(Count, Linked, Backlog, Bytes, problems);
            if (problems.Count > 0)
            {
                DropGraph();
            }
        }

        if (report.Problems.Count > 0)
        {
            RequestMaintenance();
        }

        return report;
    }

    private void Added(int slot)
    {
        _count++;
        _linked?.Add(slot);
        _recent.Add(slot);
        Account();
        RequestMaintenance();
    }

    private IReadOnlyList<string> Problems(LinkedIndex linked)
    {
        IReadOnlyList<string> ofGraph = linked.Graph.Validate();
        lock (gate)
        {
            return linked.CountLost() is > 0 and int lost
                ? [$"{lost} entries are neither linked nor wait to be, so that no search finds them", .. ofGraph]
                : ofGraph;
        }
    }

    private void Adapt(IndexSettings wanted)
    {
        if (_linked is not null && _count <= wanted.FlatEntries / Hysteresis)
        {
            DropGraph();
        }

        if (_hasLooseSlots)
        {
            _arena = Compacted(_arena);
            _hasLooseSlots = false;
        }

        if (_linked is null && _count > wanted.FlatEntries)
        {
            _arena.FixBlocks();
            var linked = new LinkedIndex(_arena, new HnswGraph(_arena, wanted.M, wanted.EfConstruction));
            foreach (int slot in _arena.Filled())
            {
                linked.Add(slot);
            }

            linked.Inherit();
            _linked = linked;
        }
    }

    // From here on the index is a scan of its arena. Allocates nothing: memory may be what there is too little of.
    private void DropGraph()
    {
        lock (gate)
        {
            _hasLooseSlots |= _linked is not null;
            _linked = null;
            Account();
        }
    }

    // What is used, for what is free is used again: rows and nodes that are there, and what they stand in.
    private void Account()
    {
        long used = _isRetired ? 0
            : _arena.UsedBytes(_count) + (_linked?.UsedBytes(_count) ?? 0) + _recent.Bytes;
        _accounted.Set(used, memory);
    }

    // A scan passes over every row that there is, and what the entries of better days took is given back. Searches that
    // began with the graph end in its arena.
    private static VectorArena Compacted(VectorArena arena)
    {
        var compact = new VectorArena(arena.Dimension);
        foreach (int slot in arena.Filled())
        {
            compact.Add(arena.EntryOf(slot)!, arena, slot);
        }

        return compact;
    }
}
