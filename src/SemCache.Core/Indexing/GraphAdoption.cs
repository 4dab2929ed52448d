using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <summary>
/// A saved graph, and which entry each of its rows is probably of: found out without the partition's gate, which is then
/// taken only to bind them.
/// </summary>
internal sealed class GraphAdoption
{
    // Share of a saved graph's nodes that must be present entries' for it to be taken over.
    private const double FewestPresent = 0.5;

    private readonly HnswGraph _graph;
    private readonly Entry?[] _entries;

    /// <param name="graph">A graph over an arena of its own, whose slots have no entries yet.</param>
    /// <param name="origins">By slot, what its row was made of: <see cref="RowOrigin"/>.</param>
    /// <param name="entries">The partition's entries, about: some may come and go meanwhile.</param>
    public GraphAdoption(HnswGraph graph, ReadOnlySpan<ulong> origins, IEnumerable<Entry> entries)
    {
        _graph = graph;
        _entries = new Entry?[origins.Length];
        var present = new Dictionary<ulong, Entry>();
        foreach (Entry entry in entries)
        {
            present[RowOrigin.Of(entry)] = entry;
        }

        int found = 0;
        graph.Arena.FixBlocks();
        Linked = new LinkedIndex(graph.Arena, graph);
        for (int slot = 0; slot < origins.Length; slot++)
        {
            if (!graph.IsLinked(slot))
            {
                graph.Arena.Free(slot);
                continue;
            }

            Linked.MarkLinked(slot);
            found += present.Remove(origins[slot], out _entries[slot]) ? 1 : 0;
        }

        IsWorthwhile = found >= graph.Count * FewestPresent;
    }

    /// <summary>
    /// Whether most of the nodes are present entries'. Otherwise most would have to be taken out, which costs more than a new
    /// graph.
    /// </summary>
    public bool IsWorthwhile { get; }

    /// <summary>The graph, with all its slots.</summary>
    public LinkedIndex Linked { get; }

    /// <summary>
    /// Gives the rows to their entries, as far as these are still there, and adds what else an index holds. What has no entry
    /// is to be taken out. The gate is held. Once.
    /// </summary>
    /// <param name="present">The rows that the index has now.</param>
    /// <returns>How many entries had no row before.</returns>
    public int Bind(VectorArena present)
    {
        int given = 0;
        VectorArena arena = _graph.Arena;
        for (int slot = 0; slot < _entries.Length; slot++)
        {
            // One without a vector was removed, or is over the window by now.
            if (_entries[slot] is { IsRemoved: false, IndexSlot: not Entry.NoVector } entry)
            {
                given += entry.IndexSlot < 0 ? 1 : 0;
                arena.Bind(slot, entry);
            }
            else
            {
                Linked.Remove(slot);
            }
        }

        foreach (int slot in present.Filled())
        {
            Entry entry = present.EntryOf(slot)!;
            if (arena.EntryOf(entry.IndexSlot) != entry)
            {
                Linked.Add(arena.Add(entry, present, slot));
            }
        }

        Linked.Inherit();
        return given;
    }
}
