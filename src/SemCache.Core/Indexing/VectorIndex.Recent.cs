using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing;

/// <content>What has come since a search: whether it would find anything else now.</content>
internal sealed partial class VectorIndex
{
    private readonly RecentSlots _recent = new();

    /// <summary>The present moment. A search that begins afterwards finds all that was added before.</summary>
    public SearchMark Mark() => new(_recent.Added, _arena, _linked?.Moves ?? 0);

    /// <summary>Has what is added after a moment be known to <see cref="NothingNear"/>.</summary>
    /// <returns>False when something was added since the moment and is not known: nobody has asked for it before.</returns>
    public bool Follow(SearchMark since)
    {
        if (!_recent.Remembers(since.Added))
        {
            lock (gate)
            {
                _recent.Remember();
                Account();
            }
        }

        return _recent.Remembers(since.Added);
    }

    /// <summary>Whether all that was added since a moment is less similar than a threshold.</summary>
    /// <param name="since">The moment, which is followed.</param>
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
        int count = _recent.Since(since.Added, slots);
        if (count < 0 || IsNear(since.Arena, slots[..count], query, threshold))
        {
            return null;
        }

        // Slots that have changed meanwhile were looked at in vain.
        SearchMark then = Mark();
        return then.Arena == since.Arena && then.Moves == since.Moves ? now : null;
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
}
