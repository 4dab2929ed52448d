using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Graph;

/// <content>Removal. The paper has none.</content>
internal sealed partial class HnswGraph
{
    // A node whose links have become so few, as a share of M, is linked anew.
    private const double FewLinks = 0.5;

    /// <summary>
    /// Takes a node out and closes the gap. The only writer; searches may run, and those that stand on the node go on
    /// from there.
    /// </summary>
    public void Remove(int slot)
    {
        SearchContext context = SearchContext.Rent();
        ref Node node = ref NodeOf(slot);
        // First, so that no search begins where the links are gone.
        if (EntryPoint.Of(_entry).Slot == slot)
        {
            ReplaceEntry(slot);
        }

        // Nobody's anchor any more: an anchor's rank is lower.
        node.Rank = Node.NoRank;
        for (int layer = node.Level; layer >= 0; layer--)
        {
            int[] neighbors = [.. PlacesOf(slot, layer).ToArray().Where(neighbor => neighbor >= 0)];
            if (layer == 0)
            {
                ReanchorChildren(context, slot, neighbors);
            }

            LinkPairs(context, slot, neighbors, layer);
            foreach (ref int place in PlacesOf(slot, layer))
            {
                Volatile.Write(ref place, -1);
            }

            RelinkSparse(context, neighbors, layer);
        }

        node.IsLinked = false;
        _count--;
        int upper = node.Upper;
        Volatile.Write(ref node.Upper, -1);
        _upper.Free(upper);
        SearchContext.Return(context);
    }

    // Nodes that came in by the one that goes: another neighbour of lower rank takes its part, or a new link.
    private void ReanchorChildren(SearchContext context, int slot, int[] neighbors)
    {
        int parent = NodeOf(slot).Anchor;
        int[] children = [.. neighbors.Where(neighbor => NodeOf(neighbor).Anchor == slot).OrderBy(child => NodeOf(child).Rank)];
        foreach (int child in children)
        {
            ref Node node = ref NodeOf(child);
            if (parent < 0)
            {
                // The root goes; its child of lowest rank is the lowest of all.
                node.Anchor = -1;
                parent = child;
                continue;
            }

            node.Anchor = LowerRanked(child);
            if (node.Anchor < 0)
            {
                Replace(PlacesOf(child, 0), slot, -1);
                Attach(context, child, parent);
            }
        }
    }

    private int LowerRanked(int slot)
    {
        long rank = NodeOf(slot).Rank;
        foreach (int neighbor in PlacesOf(slot, 0))
        {
            if (neighbor >= 0 && NodeOf(neighbor).Rank < rank)
            {
                return neighbor;
            }
        }

        return -1;
    }

    // When every node of lower rank is full of anchored links, one of them holds a child of higher rank, for there are
    // more children than nodes of lower rank. That child gives up its place: the higher its rank, the more others can
    // take it, and the highest finds a leaf.
    private void Attach(SearchContext context, int orphan, int from)
    {
        while (!TryAttach(context, orphan, from))
        {
            (int parent, int child) = ChildOfHigherRank(orphan, from);
            Replace(PlacesOf(parent, 0), child, orphan);
            Span<int> places = PlacesOf(orphan, 0);
            places[places.IndexOf(-1)] = parent;
            NodeOf(orphan).Anchor = parent;
            Replace(PlacesOf(child, 0), parent, -1);
            NodeOf(child).Anchor = LowerRanked(child);
            if (NodeOf(child).Anchor >= 0)
            {
                return;
            }

            (orphan, from) = (child, parent);
        }
    }

    private (int Parent, int Child) ChildOfHigherRank(int orphan, int from)
    {
        long rank = NodeOf(orphan).Rank;
        var seen = new HashSet<int> { from };
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out int parent))
        {
            foreach (int neighbor in PlacesOf(parent, 0))
            {
                if (neighbor < 0 || neighbor == orphan)
                {
                    continue;
                }

                if (NodeOf(neighbor).Anchor == parent && NodeOf(neighbor).Rank > rank)
                {
                    return (parent, neighbor);
                }

                if (NodeOf(neighbor).Rank < rank && seen.Add(neighbor))
                {
                    queue.Enqueue(neighbor);
                }
            }
        }

        throw new InvalidOperationException($"The anchors of the graph are broken at slot {orphan}.");
    }

    // The neighbours take each other for the one that goes: nearest pairs first, each once, unless a third leads there.
    private void LinkPairs(SearchContext context, int slot, int[] neighbors, int layer)
    {
        VectorArena.Block[] vectors = _arena.Blocks;
        var pairs = new List<(int First, int Second, float Similarity)>(neighbors.Length * neighbors.Length / 2);
        for (int i = 0; i < neighbors.Length; i++)
        {
            context.Other.Load(_arena, neighbors[i]);
            for (int j = i + 1; j < neighbors.Length; j++)
            {
                pairs.Add((neighbors[i], neighbors[j], context.Other.SimilarityTo(vectors, neighbors[j])));
            }
        }

        pairs.Sort(static (left, right) => right.Similarity.CompareTo(left.Similarity));
        foreach ((int first, int second, float similarity) in pairs)
        {
            Span<int> places = PlacesOf(first, layer);
            Span<int> others = PlacesOf(second, layer);
            int place = places.IndexOf(slot);
            int otherPlace = others.IndexOf(slot);
            if (place >= 0 && otherPlace >= 0 && !places.Contains(second)
                && !LeadsTo(context, places, slot, new Neighbor(second, similarity)))
            {
                Volatile.Write(ref places[place], second);
                Volatile.Write(ref others[otherPlace], first);
            }
        }

        foreach (int neighbor in neighbors)
        {
            Replace(PlacesOf(neighbor, layer), slot, -1);
        }
    }

    private bool LeadsTo(SearchContext context, ReadOnlySpan<int> places, int except, Neighbor target)
    {
        VectorArena.Block[] vectors = _arena.Blocks;
        float bound = Bound(target.Similarity);
        context.Other.Load(_arena, target.Slot);
        foreach (int place in places)
        {
            if (place >= 0 && place != except && context.Other.SimilarityTo(vectors, place) > bound)
            {
                return true;
            }
        }

        return false;
    }

    private static void Replace(Span<int> places, int link, int by)
    {
        int place = places.IndexOf(link);
        if (place >= 0)
        {
            Volatile.Write(ref places[place], by);
        }
    }

    private void RelinkSparse(SearchContext context, int[] neighbors, int layer)
    {
        foreach (int neighbor in neighbors)
        {
            Span<int> places = PlacesOf(neighbor, layer);
            if (places.Length - places.Count(-1) < FewLinks * _m)
            {
                context.Query.Load(_arena, neighbor);
                // A node without links finds nobody from where it is.
                int start = places.Count(-1) < places.Length
                    ? neighbor
                    : Descend(context, EntryPoint.Of(_entry), layer);
                Beam(context, start, layer, _m0, float.NegativeInfinity);
                List<Neighbor> chosen = context.Chosen(layer);
                Choose(context, chosen, _m);
                foreach (Neighbor near in chosen.Where(near => near.Slot != neighbor))
                {
                    Connect(context, neighbor, near.Slot, layer, displace: true);
                }
            }
        }
    }

    private void ReplaceEntry(int leaving)
    {
        long best = EntryPoint.None;
        for (int block = 0; block < _blocks.Length; block++)
        {
            Node[] nodes = _blocks[block].Nodes;
            for (int row = 0; row < nodes.Length; row++)
            {
                int slot = (block << VectorArena.BlockBits) + row;
                if (nodes[row].IsLinked && slot != leaving
                    && (best == EntryPoint.None || nodes[row].Level > EntryPoint.Of(best).Level))
                {
                    best = new EntryPoint(slot, nodes[row].Level).Packed;
                }
            }
        }

        Volatile.Write(ref _entry, best);
    }
}
