using System.Runtime.InteropServices;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Graph;

/// <content>Links: making, dropping, and who holds what meanwhile.</content>
internal sealed partial class HnswGraph
{
    private const int MostAttempts = 8;

    /// <summary>
    /// Links two nodes. A full other node drops the link that it can best do without, unless that would be this one.
    /// </summary>
    /// <param name="context">For comparing neighbours.</param>
    /// <param name="self">The node that wants the link.</param>
    /// <param name="other">The node that it wants.</param>
    /// <param name="layer">The layer of both.</param>
    /// <param name="displace">Whether a full node is asked to drop one for this.</param>
    /// <param name="asAnchor">Whether the other is to be this node's anchor: then it must make room if it can.</param>
    /// <returns>Whether they are linked.</returns>
    private bool Connect(SearchContext context, int self, int other, int layer, bool displace, bool asAnchor = false)
    {
        int victim = -1;
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            Hold(self, other, victim);
            Linking outcome = TryConnect(self, other, victim, layer);
            if (asAnchor && outcome == Linking.Linked)
            {
                SetAnchor(self, other);
            }

            Release(self, other, victim);
            if (outcome != Linking.NeedsRoom)
            {
                return outcome == Linking.Linked;
            }

            if (!displace)
            {
                return false;
            }

            victim = Dispensable(context, other, self, layer, asAnchor);
            if (victim < 0)
            {
                return false;
            }
        }

        return false;
    }

    private Linking TryConnect(int self, int other, int victim, int layer)
    {
        Span<int> mine = PlacesOf(self, layer);
        Span<int> theirs = PlacesOf(other, layer);
        if (mine.IsEmpty || theirs.IsEmpty)
        {
            return Linking.Refused;
        }

        if (theirs.Contains(self))
        {
            return Linking.Linked;
        }

        int myPlace = mine.IndexOf(-1);
        int theirPlace = theirs.IndexOf(-1);
        if (myPlace < 0)
        {
            return Linking.Refused;
        }

        if (theirPlace < 0)
        {
            // The victim was chosen without holding anybody; it may have gone, or become dear.
            theirPlace = victim < 0 ? -1 : theirs.IndexOf(victim);
            if (theirPlace < 0 || (layer == 0 && AreAnchored(other, victim)))
            {
                return Linking.NeedsRoom;
            }

            Span<int> victims = PlacesOf(victim, layer);
            Volatile.Write(ref victims[victims.IndexOf(other)], -1);
        }

        Volatile.Write(ref theirs[theirPlace], self);
        Volatile.Write(ref mine[myPlace], other);
        return Linking.Linked;
    }

    /// <summary>
    /// The neighbour of a full node that it can best do without, for a newcomer: the farthest that is reached through a
    /// nearer one; if there is none, the farthest. −1 when that is the newcomer, or all others are anchored.
    /// </summary>
    private int Dispensable(SearchContext context, int node, int newcomer, int layer, bool mustMakeRoom)
    {
        VectorArena.Block[] vectors = _arena.Blocks;
        Span<Neighbor> neighbors = context.Neighbors;
        int count = 0;
        context.Other.Load(_arena, node);
        foreach (ref int place in PlacesOf(node, layer))
        {
            int slot = Volatile.Read(ref place);
            if (slot >= 0)
            {
                neighbors[count++] = new Neighbor(slot, context.Other.SimilarityTo(vectors, slot));
            }
        }

        neighbors[count++] = new Neighbor(newcomer, context.Other.SimilarityTo(vectors, newcomer));
        neighbors = neighbors[..count];
        neighbors.Sort(static (left, right) => right.Similarity.CompareTo(left.Similarity));

        Span<Neighbor> kept = context.Kept;
        int keptCount = 0;
        int farthest = -1;
        int farthestReached = -1;
        foreach (Neighbor neighbor in neighbors)
        {
            bool isReached = IsReachedThrough(context, neighbor, kept[..keptCount]);
            if (!isReached)
            {
                kept[keptCount++] = neighbor;
            }

            bool isFixed = neighbor.Slot == newcomer
                ? mustMakeRoom
                : layer == 0 && AreAnchored(node, neighbor.Slot);
            if (!isFixed)
            {
                farthest = neighbor.Slot;
                farthestReached = isReached ? neighbor.Slot : farthestReached;
            }
        }

        int dispensable = farthestReached >= 0 ? farthestReached : farthest;
        return dispensable == newcomer ? -1 : dispensable;
    }

    // Both are held.
    private void SetAnchor(int self, int other)
    {
        ref Node node = ref NodeOf(self);
        if (node.Rank == Node.NoRank)
        {
            node.Rank = Interlocked.Increment(ref _lastRank);
        }

        node.Anchor = other;
    }

    private bool AreAnchored(int left, int right) => NodeOf(left).Anchor == right || NodeOf(right).Anchor == left;

    private void Hold(int first, int second, int third)
    {
        (first, second) = (Math.Min(first, second), Math.Max(first, second));
        (second, third) = (Math.Min(second, third), Math.Max(second, third));
        (first, second) = (Math.Min(first, second), Math.Max(first, second));
        Hold(first);
        Hold(second);
        Hold(third);
    }

    private void Hold(int slot)
    {
        if (slot < 0)
        {
            return;
        }

        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref NodeOf(slot).Held, 1, 0) != 0)
        {
            spin.SpinOnce();
        }
    }

    private void Release(int first, int second, int third)
    {
        Release(first);
        Release(second);
        Release(third);
    }

    private void Release(int slot)
    {
        if (slot >= 0)
        {
            Volatile.Write(ref NodeOf(slot).Held, 0);
        }
    }

    private enum Linking
    {
        Linked,
        NeedsRoom,
        Refused,
    }
}
