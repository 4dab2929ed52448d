using SemCache.Core.Indexing;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Partitions;
using SemCache.Peers.Data;
using SemCache.Peers.Peers;

namespace SemCache.IndexBench.Indexes;

/// <summary>An index over rows of a table of vectors, changed under a gate as a partition changes its own.</summary>
internal sealed class RowIndex
{
    private readonly Lock _gate = new();
    private readonly VectorTable _vectors;
    private readonly Entry?[] _entries;

    /// <param name="vectors">The vectors of all rows, present or not.</param>
    /// <param name="exact">The same vectors in a file.</param>
    /// <param name="flatEntries">Entries up to which the index is a scan.</param>
    public RowIndex(VectorTable vectors, IExactVectors exact, int flatEntries)
    {
        _vectors = vectors;
        _entries = new Entry?[vectors.Rows];
        IndexSettings settings = IndexSettings.Default with { FlatEntries = flatEntries };
        Maintenance = new IndexMaintenance(threads: 1, failure => MaintenanceFailure = failure);
        Index = new VectorIndex(new IndexContext(vectors.Dimension, exact, Maintenance), _gate, () => settings, new ByteAccount());
    }

    public VectorIndex Index { get; }

    /// <summary>What maintains the index in the background on one thread, once it is started. Whoever starts it disposes it.</summary>
    public IndexMaintenance Maintenance { get; }

    /// <summary>What ended background maintenance; null as long as it goes well.</summary>
    public Exception? MaintenanceFailure { get; private set; }

    public void Add(int row)
    {
        Entry entry = RowEntry.Of(row);
        lock (_gate)
        {
            Index.Add(entry, _vectors.Row(row));
        }

        _entries[row] = entry;
    }

    public void Remove(int row)
    {
        Entry entry = _entries[row] ?? throw new InvalidOperationException($"Row {row} is not in the index.");
        lock (_gate)
        {
            entry.IsRemoved = true;
            Index.Remove(entry);
        }

        _entries[row] = null;
    }

    /// <summary>Takes over a graph of the same rows.</summary>
    public void Adopt(GraphSnapshot snapshot)
    {
        var adoption = new GraphAdoption(snapshot.Graph, snapshot.Origins, _entries.OfType<Entry>());
        if (!adoption.IsWorthwhile)
        {
            throw new InvalidOperationException("The graph is of other rows.");
        }

        lock (_gate)
        {
            Index.Adopt(adoption);
        }
    }

    /// <summary>Adds the first rows and maintains the index until nothing is left to do.</summary>
    public void Fill(int rows, int threads)
    {
        for (int row = 0; row < rows; row++)
        {
            Add(row);
        }

        Settle(threads);
    }

    /// <summary>Maintains the index until nothing is left to do. Not while background maintenance runs.</summary>
    public void Settle(int threads)
    {
        while (Index.Maintain(threads))
        {
        }
    }
}
