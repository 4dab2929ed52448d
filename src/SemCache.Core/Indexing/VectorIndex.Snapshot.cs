using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <content>What saving and loading a graph need.</content>
internal sealed partial class VectorIndex
{
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
    /// <param name="adoption">The graph; it is worthwhile.</param>
    /// <returns>How many entries that had no row have one now.</returns>
    public int Adopt(GraphAdoption adoption)
    {
        int given = adoption.Bind(_arena);
        LinkedIndex linked = adoption.Linked;
        linked.SavedChanges = linked.Changes;
        _count += given;
        _arena = linked.Arena;
        _linked = linked;
        Account();
        RequestMaintenance();
        return given;
    }
}
