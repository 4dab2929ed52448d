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
internal sealed partial class VectorIndex(IndexContext context, Lock gate, Func<IndexSettings> settings)
{
    // A graph is dropped when the entries have become half of those that it was made for.
    private const int Hysteresis = 2;

    // Quantised, the similarity is off by no more than this many standard deviations, or we shall never know.
    private const float Deviations = 6;

    // Held while the graph is changed, or read as a whole. Taken before the gate.
    // A search that was cut off begins anew so many times.
    private const int MostAttempts = 3;

    private readonly Lock _maintaining = new();
    private volatile VectorArena _arena = new(context.Dimension);
    private volatile LinkedIndex? _linked;
    private int _count;
    private int _queued;

    /// <summary>Components of a vector.</summary>
    public int Dimension => context.Dimension;

    /// <summary>Entries in the index.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of vectors and links.</summary>
    public long Bytes => _linked is { } linked ? linked.Arena.Bytes + linked.Graph.Bytes : _arena.Bytes;

    /// <summary>Nodes of the graph; 0 without one.</summary>
    public int Linked => _linked?.Graph.Count ?? 0;

    /// <summary>Slots that wait to be linked or taken out.</summary>
    public int Backlog => _linked?.Backlog ?? 0;

    /// <summary>
    /// Of <see cref="Backlog"/>, slots that were there before the graph was made or loaded. They say how long ago that
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
        int slot = _arena.Add(entry, vector);
        _count++;
        _linked?.Add(slot);
        RequestMaintenance();
    }

    /// <summary>Removes an entry that was added. The gate is held.</summary>
    public void Remove(Entry entry)
    {
        int slot = entry.IndexSlot;
        if (_arena.EntryOf(slot) != entry)
        {
            throw new InvalidOperationException($"Slot {slot} belongs to another entry.");
        }

        _arena.Clear(slot);
        entry.IndexSlot = -1;
        _count--;
        if (_linked is { } linked)
        {
            linked.Remove(slot);
        }
        else
        {
            _arena.Free(slot);
        }

        RequestMaintenance();
    }

    /// <summary>Finds the nearest entries.</summary>
    /// <param name="query">Unit length.</param>
    /// <param name="threshold">
    /// Lowest similarity that is of use. Beside the nearest entry, none below it need be returned.
    /// </param>
    /// <param name="nearest">Receives the entries, nearest first; its length is the number asked for.</param>
    /// <returns>
    /// How many were found; fewer than asked for only when there are no more, or none above the threshold.
    /// </returns>
    public int Search(ReadOnlySpan<float> query, float threshold, Span<ScoredEntry> nearest) =>
        Search(query, threshold, Math.Max(settings().EfSearch, nearest.Length), nearest);

    /// <summary>As above, with a breadth of its own.</summary>
    public int Search(ReadOnlySpan<float> query, float threshold, int ef, Span<ScoredEntry> nearest)
    {
        SearchContext search = SearchContext.Rent();
        search.Query.Load(query);
        int found = _linked is { } linked
            ? SearchGraph(search, linked, ef, query, threshold, nearest)
            : Scan(search, ef, query, threshold, nearest);
        SearchContext.Return(search);
        return found;
    }

    /// <summary>Finds the nearest entries by comparing with all.</summary>
    public int Scan(ReadOnlySpan<float> query, Span<ScoredEntry> nearest)
    {
        SearchContext search = SearchContext.Rent();
        search.Query.Load(query);
        int found = Scan(search, Math.Max(settings().EfSearch, nearest.Length), query, float.NegativeInfinity, nearest);
        SearchContext.Return(search);
        return found;
    }

    /// <summary>
    /// Makes or drops the graph as the number of entries has it, and catches up with what was added and removed. Without
    /// the gate.
    /// </summary>
    /// <returns>Whether something is left to do.</returns>
    public bool Maintain(int threads)
    {
        Volatile.Write(ref _queued, 0);
        lock (_maintaining)
        {
            lock (gate)
            {
                Adapt(settings());
            }

            return _linked?.CatchUp(gate, threads) == true;
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
    /// Checks the graph, while it is not changed, and that every entry is found by it or by the scan beside it.
    /// </summary>
    public IndexReport Validate()
    {
        IReadOnlyList<string> problems = Quiescent(Problems) ?? [];
        return new IndexReport(Count, _linked?.Graph.Count ?? 0, Backlog, Bytes, problems);
    }

    private static IReadOnlyList<string> Problems(LinkedIndex linked, Lock gate)
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
        else if (_linked is not null && _count <= wanted.FlatEntries / Hysteresis)
        {
            _arena = Compacted(_arena);
            _linked = null;
        }
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

    private int Scan(
        SearchContext search, int breadth, ReadOnlySpan<float> query, float threshold, Span<ScoredEntry> nearest)
    {
        VectorArena arena = _arena;
        VectorArena.Block[] blocks = arena.Blocks;
        search.Begin(0, breadth);
        for (int block = 0; block < blocks.Length; block++)
        {
            Entry?[] entries = blocks[block].Entries;
            for (int row = 0; row < entries.Length; row++)
            {
                int slot = (block << VectorArena.BlockBits) + row;
                if (Volatile.Read(ref entries[row]) is not null)
                {
                    float similarity = search.Query.SimilarityTo(blocks, slot);
                    if (similarity > search.Worst)
                    {
                        search.Insert(slot, similarity);
                    }
                }
            }
        }

        return Rescore(search, arena, query, threshold, nearest);
    }

    private int SearchGraph(
        SearchContext search,
        LinkedIndex linked,
        int ef,
        ReadOnlySpan<float> query,
        float threshold,
        Span<ScoredEntry> nearest)
    {
        float floor = threshold - Tolerance(search, 0);
        for (int attempt = 1; ; attempt++)
        {
            // What is linked from here on is among these slots, or in the graph already.
            ReadOnlySpan<int> pending = linked.Pending.View();
            linked.Graph.Search(search, ef, floor);
            ScanPending(search, linked.Arena, pending);
            int found = Rescore(search, linked.Arena, query, threshold, nearest);
            // It stood on a node when the node was taken out.
            if (search.Found < Math.Min(ef, linked.Graph.Count) && attempt < MostAttempts)
            {
                continue;
            }

            if (found == nearest.Length || search.Found < ef || search.Worst < floor)
            {
                return found;
            }

            // Nodes whose entries were removed and that were not taken out yet are in the way of others.
            ef *= 2;
        }
    }

    private static void ScanPending(SearchContext search, VectorArena arena, ReadOnlySpan<int> pending)
    {
        VectorArena.Block[] blocks = arena.Blocks;
        foreach (int slot in pending)
        {
            // A slot that was linked, removed and filled again at this moment is there twice.
            if (arena.EntryOf(slot) is not null && search.Visit(slot) != 0)
            {
                float similarity = search.Query.SimilarityTo(blocks, slot);
                if (similarity > search.Worst)
                {
                    search.Insert(slot, similarity);
                }
            }
        }
    }

    // Reads back the vectors of the best, until no other can be better than what is found, or reach the threshold.
    private int Rescore(
        SearchContext search, VectorArena arena, ReadOnlySpan<float> query, float threshold, Span<ScoredEntry> nearest)
    {
        int found = 0;
        for (int i = 0; i < search.Found; i++)
        {
            Neighbor neighbor = search.Nearest[i];
            float highest = neighbor.Similarity + Tolerance(search, arena.Scale(neighbor.Slot));
            if (found > 0 && (highest < threshold || (found == nearest.Length && highest < nearest[^1].Similarity)))
            {
                break;
            }

            if (arena.EntryOf(neighbor.Slot) is { IsRemoved: false } entry)
            {
                float similarity = ExactScore.Of(entry, query, context.Exact) ?? neighbor.Similarity;
                Insert(nearest, ref found, new ScoredEntry(entry, similarity));
            }
        }

        return found;
    }

    private static float Tolerance(SearchContext search, float scale) =>
        Deviations * MathF.Sqrt(((search.Query.Scale * search.Query.Scale) + (scale * scale)) / 12);

    private static void Insert(Span<ScoredEntry> nearest, ref int found, ScoredEntry candidate)
    {
        if (found == nearest.Length && candidate.Similarity <= nearest[^1].Similarity)
        {
            return;
        }

        int place = found < nearest.Length ? found++ : nearest.Length - 1;
        while (place > 0 && nearest[place - 1].Similarity < candidate.Similarity)
        {
            nearest[place] = nearest[place - 1];
            place--;
        }

        nearest[place] = candidate;
    }
}
