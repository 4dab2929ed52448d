using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing;

/// <content>What has come since a search: whether it would find anything else now.</content>
internal sealed partial class VectorIndex
{
    // There once somebody has asked for a mark.
    private volatile RecentSlots? _recent;

    /// <summary>The present moment. A search that begins afterwards finds all that was added before.</summary>
    public SearchMark Mark()
    {
        RecentSlots recent = _recent ?? BeginRecent();
        return new SearchMark(recent.Added, _arena, _linked?.Moves ?? 0);
    }

    /// <summary>Whether all that was added since a moment is less similar than a threshold.</summary>
    /// <param name="since">The moment.</param>
    /// <param name="query">Unit length.</param>
    /// <param name="threshold">Lowest similarity that is of use.</param>
    /// <returns>
    /// The moment up to which that is so; null when something similar was added, or when it cannot be told: too much was
    /// added, or slots have changed.
    /// </returns>
    public SearchMark? NothingNear(SearchMark since, ReadOnlySpan<float> query, float threshold)
    {
        SearchMark now = Mark();
        if (now == since)
        {
            return since;
        }

        Span<int> slots = stackalloc int[RecentSlots.Capacity];
        int count = _recent!.Since(since.Added, slots);
        bool isNear = count < 0 || IsNear(since.Arena, slots[..Math.Max(0, count)], query, threshold);
        // Slots that have changed meanwhile were looked at in vain.
        return isNear || Mark() is not { } then || then.Arena != since.Arena || then.Moves != since.Moves ? null : now;
    }

    private static bool IsNear(VectorArena arena, ReadOnlySpan<int> slots, ReadOnlySpan<float> query, float threshold)
    {
        VectorArena.Block[] blocks = arena.Blocks;
        SearchContext search = SearchContext.Rent();
        search.Query.Load(query);
        bool isNear = false;
        foreach (int slot in slots)
        {
            isNear = slot >> VectorArena.BlockBits >= blocks.Length
                || search.Query.SimilarityTo(blocks, slot) + Tolerance(search, arena.Scale(slot)) >= threshold;
            if (isNear)
            {
                break;
            }
        }

        SearchContext.Return(search);
        return isNear;
    }

    private RecentSlots BeginRecent()
    {
        lock (gate)
        {
            _recent ??= new RecentSlots();
            Account();
            return _recent;
        }
    }
}
