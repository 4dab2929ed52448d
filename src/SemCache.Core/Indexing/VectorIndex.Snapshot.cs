using SemCache.Core.Indexing.Graph;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <content>What saving and loading a graph need.</content>
internal sealed partial class VectorIndex
{
    // Share of a saved graph's nodes that must be present entries' for it to be taken over.
    private const double FewestPresent = 0.5;

    /// <summary>Whether there is a graph that no snapshot has as it is.</summary>
    public bool IsUnsaved => _linked is { Graph.Count: > 0 } linked && linked.Changes != linked.SavedChanges;

    /// <summary>Whether an entry's row is in a graph that was saved, or will be soon. The gate is held.</summary>
    public bool IsSavedWithGraph(Entry entry) =>
        _linked is { HasSnapshot: true } linked && linked.IsLinked(entry.IndexSlot);

    /// <summary>The quantised vector of an entry that was added. Valid as long as the gate is held.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="scale">What a quantised value is to be multiplied with.</param>
    public ReadOnlySpan<byte> RowOf(Entry entry, out float scale)
    {
        VectorArena arena = _arena;
        scale = arena.Scale(entry.IndexSlot);
        return arena.Row(entry.IndexSlot)[..arena.Dimension];
    }

    /// <summary>Runs something with the graph while maintenance leaves it alone. Without the gate.</summary>
    /// <param name="read">What to run; it may take the gate, which is handed to it.</param>
    /// <returns>What it returned; the default without a graph.</returns>
    public T? Quiescent<T>(Func<LinkedIndex, Lock, T> read)
    {
        lock (_maintaining)
        {
            return _linked is { } linked ? read(linked, gate) : default;
        }
    }

    /// <summary>
    /// Takes over a graph that was saved, with the rows that it stands on. What of it is not among the present entries is
    /// taken out, what it lacks of them is linked, both by maintenance. Before maintenance begins; the gate is held.
    /// </summary>
    /// <param name="graph">A graph over an arena of its own, whose slots have no entries yet.</param>
    /// <param name="origins">By slot, what its row was made of: <see cref="RowOrigin"/>.</param>
    /// <param name="waiting">Entries that have no row yet: those that the graph has get theirs.</param>
    /// <param name="given">How many of them got one.</param>
    /// <returns>
    /// False when most of the graph's nodes would have to be taken out, which costs more than a new graph: then nothing
    /// was changed.
    /// </returns>
    public bool TryAdopt(
        HnswGraph graph, ReadOnlySpan<ulong> origins, IReadOnlyCollection<Entry> waiting, out int given)
    {
        given = 0;
        VectorArena present = _arena;
        var missing = new Dictionary<ulong, Entry>(_count + waiting.Count);
        foreach (Entry entry in present.Filled().Select(present.EntryOf).Concat(waiting).OfType<Entry>())
        {
            missing[RowOrigin.Of(entry)] = entry;
        }

        VectorArena arena = graph.Arena;
        if (CountPresent(missing, origins) < graph.Count * FewestPresent)
        {
            return false;
        }

        arena.FixBlocks();
        var linked = new LinkedIndex(arena, graph);
        for (int slot = 0; slot < arena.Slots; slot++)
        {
            if (!graph.IsLinked(slot))
            {
                arena.Free(slot);
                continue;
            }

            linked.MarkLinked(slot);
            if (missing.Remove(origins[slot], out Entry? entry))
            {
                given += entry.IndexSlot < 0 ? 1 : 0;
                arena.Bind(slot, entry);
            }
            else
            {
                linked.Remove(slot);
            }
        }

        foreach (Entry entry in missing.Values.Where(entry => entry.IndexSlot >= 0))
        {
            linked.Add(arena.Add(entry, present, entry.IndexSlot));
        }

        linked.Inherit();
        linked.SavedChanges = linked.Changes;
        _count += given;
        _arena = arena;
        _linked = linked;
        Account();
        RequestMaintenance();
        return true;
    }

    private static int CountPresent(Dictionary<ulong, Entry> present, ReadOnlySpan<ulong> origins)
    {
        int count = 0;
        foreach (ulong origin in origins)
        {
            count += present.ContainsKey(origin) ? 1 : 0;
        }

        return count;
    }
}
