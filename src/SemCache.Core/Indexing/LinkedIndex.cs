using System.Collections;
using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing;

/// <summary>The graph of an index and what it has still to catch up with.</summary>
/// <remarks>
/// A slot that is added waits among the pending ones, which every search scans, until it is linked. One that is removed
/// has no entry any more and routes searches until it is taken out. Everything but the graph is guarded by the
/// partition's gate; the graph is changed by <see cref="CatchUp"/> and <see cref="Shrink"/> alone, one call at a time, which
/// the index sees to.
/// </remarks>
internal sealed partial class LinkedIndex(VectorArena arena, HnswGraph graph)
{
    // Slots linked, and slots taken out, between two visits of the gate.
    private const int BatchSlots = 1024;

    // Fewer are linked by one thread: dividing them takes longer.
    private const int SmallestShare = 8;

    private readonly BitArray _linked = new(0);
    private readonly List<int> _dead = [];
    private int _inherited;
    private volatile PendingSlots _pending = PendingSlots.Empty;

    public VectorArena Arena => arena;

    public HnswGraph Graph => graph;

    public PendingSlots Pending => _pending;

    /// <summary>Slots to be linked or taken out.</summary>
    public int Backlog => _pending.Count + _dead.Count;

    /// <summary>Bytes of nodes and links, and of the slots to be linked. Nodes that are to be taken out count as free.</summary>
    /// <param name="entries">Entries in the index.</param>
    public long UsedBytes(int entries) => graph.UsedBytes(entries) + _pending.Bytes;

    /// <summary>Of the slots to be linked, those that were there before the graph was; they come first.</summary>
    public int Inherited => Volatile.Read(ref _inherited);

    /// <summary>All that was added by now was there before the graph. The gate is held.</summary>
    public void Inherit() => Volatile.Write(ref _inherited, _pending.Count);

    /// <summary>Turns that changed the graph.</summary>
    public long Changes { get; private set; }

    /// <summary>What <see cref="Changes"/> was when the graph was saved or loaded; −1 before.</summary>
    public long SavedChanges { get; set; } = -1;

    /// <summary>Whether the graph was saved or loaded, however much it has changed since.</summary>
    public bool HasSnapshot => SavedChanges >= 0;

    /// <summary>A slot was filled. The gate is held.</summary>
    public void Add(int slot) => _pending = _pending.With(slot);

    /// <summary>A slot lost its entry. The gate is held.</summary>
    public void Remove(int slot)
    {
        if (IsLinked(slot))
        {
            _dead.Add(slot);
        }
    }

    /// <summary>A slot is in the graph already: it was loaded with it. The gate is held, or nobody else knows this yet.</summary>
    public void MarkLinked(int slot)
    {
        if (_linked.Length <= slot)
        {
            _linked.Length = arena.Blocks.Length << VectorArena.BlockBits;
        }

        _linked[slot] = true;
    }

    /// <summary>Takes out a part of what was removed and links a part of what was added.</summary>
    /// <returns>Whether something is left to do.</returns>
    public bool CatchUp(Lock gate, int threads)
    {
        List<int> dead;
        int[] batch;
        lock (gate)
        {
            // A turn is short, for others wait for theirs, and a stop for its end.
            dead = _dead[^Math.Min(_dead.Count, BatchSlots)..];
            _dead.RemoveRange(_dead.Count - dead.Count, dead.Count);
            ReadOnlySpan<int> pending = _pending.View();
            batch = pending[..Math.Min(pending.Length, BatchSlots)].ToArray();
            graph.EnsureCapacity(arena.Slots);
        }

        dead.ForEach(graph.Remove);
        int[] added = [.. batch.Where(slot => arena.EntryOf(slot) is not null)];
        if (added.Length < SmallestShare || threads == 1)
        {
            Array.ForEach(added, graph.Insert);
        }
        else
        {
            Parallel.ForEach(added, new ParallelOptions { MaxDegreeOfParallelism = threads }, graph.Insert);
        }

        Changes += dead.Count + added.Length > 0 ? 1 : 0;
        lock (gate)
        {
            Finish(dead, batch, added);
            return Backlog > 0;
        }
    }

    /// <summary>Entries that no search finds: neither linked nor waiting to be. Quiescent, and the gate is held.</summary>
    public int CountLost()
    {
        HashSet<int> pending = [.. _pending.View()];
        return arena.Filled().Count(slot => !graph.IsLinked(slot) && !pending.Contains(slot));
    }

    /// <summary>Whether a slot is in the graph. The gate is held.</summary>
    public bool IsLinked(int slot) => slot < _linked.Length && _linked[slot];

    private void Finish(List<int> dead, int[] batch, int[] added)
    {
        foreach (int slot in dead)
        {
            _linked[slot] = false;
            arena.Free(slot);
        }

        foreach (int slot in added)
        {
            MarkLinked(slot);
            if (arena.EntryOf(slot) is null)
            {
                _dead.Add(slot);
            }
        }

        foreach (int slot in batch.Except(added))
        {
            arena.Free(slot);
        }

        _pending.Skip(batch.Length);
        Volatile.Write(ref _inherited, Math.Max(0, _inherited - batch.Length));
    }
}
