using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Graph;

/// <content>Searching: the paper's algorithms 2 and 5.</content>
internal sealed partial class HnswGraph
{
    // A search ends early when so many of its best have stayed the same for so large a share of the expansions that it would
    // make. It has found nothing of use: most lookups are misses. Or it has found something very near: three quarters of
    // the way from what is of use to what is equal. Nodes that near have led to each other by then; with 632,000 texts the
    // nearest was found as often as without.
    private const int Leaders = 8;
    private const double Patience = 0.5;
    private const double PatienceWithNear = 0.35;
    private const float Near = 0.75f;

    /// <summary>Finds the nodes nearest to the context's query and leaves them there, nearest first.</summary>
    /// <param name="context">Holds the query. Every slot that the arena has now can be visited in it afterwards.</param>
    /// <param name="breadth">How many of the best are kept and expanded (ef).</param>
    /// <param name="floor">
    /// Lowest similarity that is of use. While nothing reaches it, or when something is much nearer, the search ends when its
    /// best few have long been the same. Below −1, everything is of use, and the search goes all the way.
    /// </param>
    public void Search(SearchContext context, int breadth, float floor)
    {
        long packed = Volatile.Read(ref _entry);
        if (packed == EntryPoint.None)
        {
            context.Begin(_arena.Blocks.Length << VectorArena.BlockBits, breadth);
            return;
        }

        Beam(context, Descend(context, EntryPoint.Of(packed), 0), 0, breadth, floor);
    }

    // Through all layers above one: where to begin on it.
    private int Descend(SearchContext context, EntryPoint entry, int until)
    {
        int start = entry.Slot;
        for (int layer = entry.Level; layer > until; layer--)
        {
            start = Descend(context, start, layer);
        }

        return start;
    }

    // Greedy, one layer: to the nearest neighbour as long as that is nearer.
    private int Descend(SearchContext context, int start, int layer)
    {
        VectorArena.Block[] vectors = _arena.Blocks;
        if (IsGone(start, vectors))
        {
            return start;
        }

        float nearest = context.Query.SimilarityTo(vectors, start);
        while (true)
        {
            int from = start;
            ref int places = ref Places(from, layer, out int width);
            for (int i = 0; i < width && !Unsafe.IsNullRef(ref places); i++)
            {
                int slot = Volatile.Read(ref Unsafe.Add(ref places, i));
                if ((uint)slot < (uint)(vectors.Length << VectorArena.BlockBits))
                {
                    float similarity = context.Query.SimilarityTo(vectors, slot);
                    if (similarity > nearest)
                    {
                        nearest = similarity;
                        start = slot;
                    }
                }
            }

            if (start == from)
            {
                return start;
            }
        }
    }

    // Expands the nearest node that was not expanded yet until there is none among the best.
    private void Beam(SearchContext context, int start, int layer, int breadth, float floor)
    {
        VectorArena.Block[] vectors = _arena.Blocks;
        context.Begin(vectors.Length << VectorArena.BlockBits, breadth);
        if (IsGone(start, vectors))
        {
            return;
        }

        context.Visit(start);
        context.Insert(start, context.Query.SimilarityTo(vectors, start));
        float near = floor < -1 ? float.PositiveInfinity : floor + ((1 - floor) * Near);
        int steps = 0;
        int lastProgress = 0;
        int next = 0;
        while ((next = context.NextToExpand(next)) < context.Found)
        {
            int idle = ++steps - lastProgress;
            float best = context.Nearest[0].Similarity;
            if ((idle > breadth * Patience && best < floor) || (idle > breadth * PatienceWithNear && best >= near))
            {
                return;
            }

            int batch = Gather(context, vectors, context.Nearest[next].Slot, layer);
            next++;
            for (int i = 0; i < batch; i++)
            {
                int slot = context.Batch[i];
                float similarity = context.Query.SimilarityTo(vectors, slot);
                if (similarity > context.Worst)
                {
                    PrefetchLinks(slot);
                    int place = context.Insert(slot, similarity);
                    next = Math.Min(next, place);
                    lastProgress = place < Leaders ? steps : lastProgress;
                }
            }
        }
    }

    // Where a search was to begin was taken out, and its block with it.
    private static bool IsGone(int slot, VectorArena.Block[] vectors) => slot >> VectorArena.BlockBits >= vectors.Length;

    // The neighbours that were not seen before, on their way to the cache.
    private unsafe int Gather(SearchContext context, VectorArena.Block[] vectors, int slot, int layer)
    {
        ref int places = ref Places(slot, layer, out int width);
        if (Unsafe.IsNullRef(ref places))
        {
            return 0;
        }

        int capacity = vectors.Length << VectorArena.BlockBits;
        ref int batch = ref MemoryMarshal.GetArrayDataReference(context.Batch);
        int count = 0;
        for (int i = 0; i < width; i++)
        {
            // Without branches: whether a neighbour was seen cannot be foretold.
            int neighbor = Volatile.Read(ref Unsafe.Add(ref places, i));
            Unsafe.Add(ref batch, count) = neighbor;
            count += (uint)neighbor < (uint)capacity ? context.Visit(neighbor) : 0;
        }

        if (Sse.IsSupported)
        {
            int stride = _arena.Stride;
            for (int i = 0; i < count; i++)
            {
                int neighbor = Unsafe.Add(ref batch, i);
                byte* row = (byte*)Unsafe.AsPointer(ref vectors[neighbor >> VectorArena.BlockBits].RowAt(neighbor, stride));
                for (int line = 0; line < stride; line += DotKernel.Lanes)
                {
                    Sse.Prefetch0(row + line);
                }
            }
        }

        return count;
    }

    // What has become one of the best will mostly be expanded.
    private unsafe void PrefetchLinks(int slot)
    {
        if (Sse.IsSupported)
        {
            ref int places = ref Places(slot, 0, out int width);
            byte* first = (byte*)Unsafe.AsPointer(ref places);
            for (int line = 0; line < width * sizeof(int); line += DotKernel.Lanes)
            {
                Sse.Prefetch0(first + line);
            }
        }
    }
}
