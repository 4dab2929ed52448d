using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <content>Searching: by the graph, or by comparing with all.</content>
internal sealed partial class VectorIndex
{
    // What is further off than this many standard deviations by quantised vectors is not read back: one in 30,000 of those
    // that lie on the border.
    private const float Deviations = 4;

    // A search that was cut off begins anew so many times.
    private const int MostAttempts = 3;

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
        var shortlist = new Shortlist(query, threshold, nearest);
        for (int attempt = 1; ; attempt++)
        {
            LinkedIndex? linked = _linked;
            long moves = linked?.Moves ?? 0;
            if (linked is not null)
            {
                SearchGraph(search, linked, ef, ref shortlist);
            }
            else
            {
                Scan(search, ef, ref shortlist);
            }

            if (IsSettled(linked, moves) || attempt == MostAttempts)
            {
                break;
            }

            shortlist.Clear();
        }

        SearchContext.Return(search);
        return shortlist.Found;
    }

    /// <summary>Finds the nearest entries by comparing with all.</summary>
    public int Scan(ReadOnlySpan<float> query, Span<ScoredEntry> nearest)
    {
        SearchContext search = SearchContext.Rent();
        search.Query.Load(query);
        var shortlist = new Shortlist(query, float.NegativeInfinity, nearest);
        for (int attempt = 1; ; attempt++)
        {
            LinkedIndex? linked = _linked;
            long moves = linked?.Moves ?? 0;
            Scan(search, Math.Max(settings().EfSearch, nearest.Length), ref shortlist);
            if (IsSettled(linked, moves) || attempt == MostAttempts)
            {
                break;
            }

            shortlist.Clear();
        }

        SearchContext.Return(search);
        return shortlist.Found;
    }

    // Whether no entry has changed its slot since a moment.
    private static bool IsSettled(LinkedIndex? linked, long moves) =>
        linked is null || ((moves & 1) == 0 && linked.Moves == moves);

    private void Scan(SearchContext search, int breadth, ref Shortlist shortlist)
    {
        VectorArena arena = _arena;
        VectorArena.Block[] blocks = arena.Blocks;
        search.Begin(blocks.Length << VectorArena.BlockBits, breadth);
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

        Rescore(search, arena, ref shortlist);
        // Where more lie as near to each other as quantised vectors can tell, the best may be among the others.
        if (search.Found == breadth && search.Worst + Tolerance(search, arena.LargestScale) >= shortlist.Bound)
        {
            RescoreOthers(search, arena, blocks, ref shortlist);
        }
    }

    private void SearchGraph(SearchContext search, LinkedIndex linked, int breadth, ref Shortlist shortlist)
    {
        float floor = shortlist.Threshold - Tolerance(search, linked.Arena.LargestScale);
        int ef = breadth;
        for (int attempt = 1; ; attempt++)
        {
            // What is linked from here on is among these slots, or in the graph already.
            ReadOnlySpan<int> pending = linked.Pending.View();
            linked.Graph.Search(search, ef, floor);
            int ofGraph = search.Found;
            ScanPending(search, linked.Arena, pending);
            shortlist.Clear();
            Rescore(search, linked.Arena, ref shortlist);
            // It stood on a node when the node was taken out.
            if (ofGraph < Math.Min(ef, linked.Graph.Count) && attempt < MostAttempts)
            {
                continue;
            }

            if (shortlist.IsFull || search.Found < ef || search.Worst < floor)
            {
                return;
            }

            // Nodes whose entries were removed and that were not taken out yet are in the way of others.
            ef *= 2;
            if (ef > IndexSettings.MaxEfSearch)
            {
                // A scan passes over them.
                shortlist.Clear();
                Scan(search, breadth, ref shortlist);
                return;
            }
        }
    }

    private static void ScanPending(SearchContext search, VectorArena arena, ReadOnlySpan<int> pending)
    {
        VectorArena.Block[] blocks = arena.Blocks;
        int capacity = Math.Min(search.Slots, blocks.Length << VectorArena.BlockBits);
        foreach (int slot in pending)
        {
            // A slot that was linked, removed and filled again at this moment is there twice. One whose block was not there
            // a moment ago is another entry's by now.
            if (slot < capacity && arena.EntryOf(slot) is not null && search.Visit(slot) != 0)
            {
                float similarity = search.Query.SimilarityTo(blocks, slot);
                if (similarity > search.Worst)
                {
                    search.Insert(slot, similarity);
                }
            }
        }
    }

    // Reads back the vectors of the best, but of those that cannot be better than what is found, or reach the threshold.
    private void Rescore(SearchContext search, VectorArena arena, ref Shortlist shortlist)
    {
        for (int i = 0; i < search.Found; i++)
        {
            Rescore(search, arena, search.Nearest[i], ref shortlist);
        }
    }

    // As above, of all but the best, which were looked at before.
    private void RescoreOthers(
        SearchContext search, VectorArena arena, VectorArena.Block[] blocks, ref Shortlist shortlist)
    {
        for (int i = 0; i < search.Found; i++)
        {
            search.Visit(search.Nearest[i].Slot);
        }

        for (int block = 0; block < blocks.Length; block++)
        {
            Entry?[] entries = blocks[block].Entries;
            for (int row = 0; row < entries.Length; row++)
            {
                int slot = (block << VectorArena.BlockBits) + row;
                if (Volatile.Read(ref entries[row]) is not null && search.Visit(slot) != 0)
                {
                    Rescore(
                        search, arena, new Neighbor(slot, search.Query.SimilarityTo(blocks, slot)), ref shortlist);
                }
            }
        }
    }

    private void Rescore(SearchContext search, VectorArena arena, Neighbor neighbor, ref Shortlist shortlist)
    {
        if (neighbor.Similarity + Tolerance(search, arena.Scale(neighbor.Slot)) >= shortlist.Bound
            && arena.EntryOf(neighbor.Slot) is { IsRemoved: false } entry
            && TrueSimilarity(search, arena, neighbor, entry, shortlist.Query) is { } similarity)
        {
            shortlist.Insert(new ScoredEntry(entry, similarity));
        }
    }

    // Null when it cannot be known, or the slot is another entry's by now.
    private float? TrueSimilarity(
        SearchContext search, VectorArena arena, Neighbor neighbor, Entry entry, ReadOnlySpan<float> query)
    {
        // A rounding error of half a step in every component, all in the same direction.
        float largestError = (search.Query.Scale + arena.Scale(neighbor.Slot)) * MathF.Sqrt(query.Length) / 2;
        float? exact = ExactScore.Of(entry, query, context.Exact);
        if (exact is { } similarity && MathF.Abs(similarity - neighbor.Similarity) <= largestError)
        {
            return exact;
        }

        // The vector on the device is damaged, or the row was not this entry's yet when it was compared.
        VectorArena.Block[] blocks = arena.Blocks;
        if (neighbor.Slot >> VectorArena.BlockBits >= blocks.Length)
        {
            return null;
        }

        float quantized = search.Query.SimilarityTo(blocks, neighbor.Slot);
        if (arena.EntryOf(neighbor.Slot) != entry)
        {
            return null;
        }

        if (exact is { } own && MathF.Abs(own - quantized) <= largestError)
        {
            return exact;
        }

        // Who serves an entry reads and checks all of its record. One that was embedded again has its vector in another
        // record, which nobody checks.
        return entry.ReembedAddress == 0 ? quantized : null;
    }

    // Errors of rounding are spread evenly over a step, hence the twelve.
    private static float Tolerance(SearchContext search, float scale) =>
        Deviations * MathF.Sqrt(((search.Query.Scale * search.Query.Scale) + (scale * scale)) / 12);
}
