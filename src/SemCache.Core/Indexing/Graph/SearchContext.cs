using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Graph;

/// <summary>A slot and how near it is.</summary>
/// <param name="Slot">Slot in the arena.</param>
/// <param name="Similarity">Cosine of the quantised vectors.</param>
internal readonly record struct Neighbor(int Slot, float Similarity);

/// <summary>
/// What one search needs beside the vectors: the quantised query, which slots it has seen, and the best so far. Pooled,
/// so that a search allocates nothing.
/// </summary>
internal sealed class SearchContext
{
    private static readonly ConcurrentBag<SearchContext> _pool = [];

    private readonly List<List<Neighbor>> _chosen = [];

    // By slot: _seen or _expanded when this search has, anything else when it has not.
    private byte[] _visited = [];
    private byte _seen;
    private int _breadth;

    /// <summary>The nearest so far, nearest first; the first <see cref="Found"/> are valid.</summary>
    public Neighbor[] Nearest { get; private set; } = [];

    public int Found { get; private set; }

    /// <summary>Slots that may be seen; all are below this.</summary>
    public int Slots { get; private set; }

    /// <summary>What is searched for.</summary>
    public QuantizedQuery Query { get; } = new();

    /// <summary>A node that is compared with others on the way.</summary>
    public QuantizedQuery Other { get; } = new();

    /// <summary>Similarity that has to be exceeded to be one of the best.</summary>
    public float Worst { get; private set; }

    /// <summary>Neighbours of one node.</summary>
    public int[] Batch { get; } = new int[2 * IndexSettings.MaxM];

    /// <summary>All neighbours of a full node and a newcomer.</summary>
    public Neighbor[] Neighbors { get; } = new Neighbor[(2 * IndexSettings.MaxM) + 1];

    /// <summary>Those of <see cref="Neighbors"/> that no other leads to.</summary>
    public Neighbor[] Kept { get; } = new Neighbor[(2 * IndexSettings.MaxM) + 1];

    public static SearchContext Rent() => _pool.TryTake(out SearchContext? context) ? context : new SearchContext();

    public static void Return(SearchContext context) => _pool.Add(context);

    /// <summary>The neighbours chosen for a new node on a layer.</summary>
    public List<Neighbor> Chosen(int layer)
    {
        while (_chosen.Count <= layer)
        {
            _chosen.Add([]);
        }

        return _chosen[layer];
    }

    /// <summary>Makes room, and forgets what was seen and found.</summary>
    /// <param name="slots">Slots that may be seen.</param>
    /// <param name="breadth">How many of the best are kept.</param>
    public void Begin(int slots, int breadth)
    {
        if (_visited.Length < slots)
        {
            _visited = new byte[slots + (slots / 4)];
            _seen = 0;
        }

        if (Nearest.Length < breadth)
        {
            Nearest = new Neighbor[breadth];
        }

        _seen += 2;
        if (_seen == 0)
        {
            Array.Clear(_visited);
            _seen = 2;
        }

        Slots = slots;
        _breadth = breadth;
        Found = 0;
        Worst = float.NegativeInfinity;
    }

    /// <summary>Marks a slot as seen; 1 when it was not before, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Visit(int slot)
    {
        ref byte mark = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_visited), slot);
        bool isNew = (byte)(mark - _seen) > 1;
        mark = isNew ? _seen : mark;
        return isNew ? 1 : 0;
    }

    /// <summary>The place, from <paramref name="from"/> on, of the nearest that is not expanded; marks it.</summary>
    public int NextToExpand(int from)
    {
        byte expanded = (byte)(_seen + 1);
        for (; from < Found; from++)
        {
            ref byte mark = ref _visited[Nearest[from].Slot];
            if (mark != expanded)
            {
                mark = expanded;
                break;
            }
        }

        return from;
    }

    /// <summary>Puts a slot that is nearer than <see cref="Worst"/> where it belongs.</summary>
    /// <returns>Its place.</returns>
    public int Insert(int slot, float similarity)
    {
        int last = Found < _breadth ? Found++ : _breadth - 1;
        int low = 0;
        int high = last;
        Neighbor[] nearest = Nearest;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (nearest[middle].Similarity >= similarity)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        Array.Copy(nearest, low, nearest, low + 1, last - low);
        nearest[low] = new Neighbor(slot, similarity);
        if (Found == _breadth)
        {
            Worst = nearest[_breadth - 1].Similarity;
        }

        return low;
    }
}
