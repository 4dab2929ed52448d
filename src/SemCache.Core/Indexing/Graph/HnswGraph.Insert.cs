using System.Runtime.InteropServices;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Graph;

/// <content>Insertion: the paper's algorithms 1 and 4.</content>
internal sealed partial class HnswGraph
{
    // The square of Vamana's α: of two candidates, one stands for the other if it is nearer to it than the new node by
    // this factor, in squared distance of unit vectors, 2 − 2 · similarity.
    private const float Relaxation = 1.1f;

    /// <summary>Links a slot whose row is in the arena. Beside other inserts and any searches.</summary>
    public void Insert(int slot)
    {
        SearchContext context = SearchContext.Rent();
        int level = DrawLevel();
        ref Node node = ref NodeOf(slot);
        node.Anchor = -1;
        node.Rank = Node.NoRank;
        node.Level = (byte)level;
        Volatile.Write(ref node.Upper, _upper.Allocate(slot, level));
        node.IsLinked = true;
        if (!TryBecomeFirst(slot, level))
        {
            Link(context, slot, level);
        }

        Interlocked.Increment(ref _count);
        SearchContext.Return(context);
    }

    private void Link(SearchContext context, int slot, int level)
    {
        context.Query.Load(_arena, slot);
        var entry = EntryPoint.Of(Volatile.Read(ref _entry));
        int start = Descend(context, entry, level);

        // Chosen from above, linked from below: a node that can be reached on a layer is linked on all below it.
        int top = Math.Min(level, entry.Level);
        for (int layer = top; layer >= 0; layer--)
        {
            Beam(context, start, layer, _efConstruction, float.NegativeInfinity);
            start = context.Nearest[0].Slot;
            Choose(context, context.Chosen(layer), layer == 0 ? _m0 : _m);
        }

        Anchor(context, slot);
        for (int layer = 0; layer <= top; layer++)
        {
            List<Neighbor> chosen = context.Chosen(layer);
            for (int i = 0; i < chosen.Count; i++)
            {
                Connect(context, slot, chosen[i].Slot, layer, displace: i < _m);
            }
        }

        if (level > entry.Level)
        {
            RaiseEntry(slot, level);
        }
    }

    // The paper's heuristic: a candidate that is nearer to one chosen before is reached through that one. If few are
    // left, the nearest of the others fill up to M.
    private void Choose(SearchContext context, List<Neighbor> chosen, int most)
    {
        chosen.Clear();
        for (int i = 0; i < context.Found && chosen.Count < most; i++)
        {
            Neighbor candidate = context.Nearest[i];
            if (!IsReachedThrough(context, candidate, CollectionsMarshal.AsSpan(chosen)))
            {
                chosen.Add(candidate);
            }
        }

        for (int i = 0; i < context.Found && chosen.Count < _m; i++)
        {
            if (!chosen.Contains(context.Nearest[i]))
            {
                chosen.Add(context.Nearest[i]);
            }
        }
    }

    private bool IsReachedThrough(SearchContext context, Neighbor candidate, ReadOnlySpan<Neighbor> others)
    {
        if (others.IsEmpty)
        {
            return false;
        }

        VectorArena.Block[] vectors = _arena.Blocks;
        float bound = Bound(candidate.Similarity);
        context.Other.Load(_arena, candidate.Slot);
        foreach (Neighbor other in others)
        {
            if (context.Other.SimilarityTo(vectors, other.Slot) > bound)
            {
                return true;
            }
        }

        return false;
    }

    // Who is more similar to a candidate than this leads to it, though it is so similar to the node in question.
    private static float Bound(float similarity) => 1 - ((1 - similarity) / Relaxation);

    // The nearest that can keep the link for good.
    private void Anchor(SearchContext context, int slot)
    {
        foreach (Neighbor neighbor in context.Chosen(0))
        {
            if (Connect(context, slot, neighbor.Slot, 0, displace: true, asAnchor: true))
            {
                return;
            }
        }

        int near = context.Nearest[0].Slot;
        while (!TryAttach(context, slot, near))
        {
            // Only if others took every place there was while this one looked: leaves of the tree of anchors have some.
            Thread.Yield();
        }
    }

    // Anchors a node at the first node of lower rank, from another of lower rank on, that has a place for it.
    private bool TryAttach(SearchContext context, int slot, int from)
    {
        long rank = NodeOf(slot).Rank;
        var seen = new HashSet<int> { from, slot };
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out int candidate))
        {
            if (Connect(context, slot, candidate, 0, displace: true, asAnchor: true))
            {
                return true;
            }

            foreach (int neighbor in PlacesOf(candidate, 0))
            {
                if (neighbor >= 0 && NodeOf(neighbor).Rank < rank && seen.Add(neighbor))
                {
                    queue.Enqueue(neighbor);
                }
            }
        }

        return false;
    }

    private bool TryBecomeFirst(int slot, int level)
    {
        if (Volatile.Read(ref _entry) != EntryPoint.None)
        {
            return false;
        }

        lock (_entryGate)
        {
            if (_entry != EntryPoint.None)
            {
                return false;
            }

            NodeOf(slot).Rank = ++_lastRank;
            Volatile.Write(ref _entry, new EntryPoint(slot, level).Packed);
            return true;
        }
    }

    private void RaiseEntry(int slot, int level)
    {
        lock (_entryGate)
        {
            if (level > EntryPoint.Of(_entry).Level)
            {
                Volatile.Write(ref _entry, new EntryPoint(slot, level).Packed);
            }
        }
    }

    // Geometric, as in the paper, from a sequence that is the same in every run.
    private int DrawLevel()
    {
        ulong bits = (ulong)Interlocked.Increment(ref _inserted) * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        double uniform = ((bits ^ (bits >> 31)) >> 11) * (1.0 / (1UL << 53));
        return Math.Min(MaxLevel, (int)(-Math.Log(1 - uniform) / Math.Log(_m)));
    }
}
