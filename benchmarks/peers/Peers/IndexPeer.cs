using System.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Peers.Data;

namespace SemCache.Peers.Peers;

/// <summary>An index of SemCache, in this process.</summary>
/// <param name="data">What it is filled with.</param>
internal abstract class IndexPeer(DataSet data) : IPeer
{
    private readonly ExactVectorFile _exact = new(data.Vectors);
    private readonly Lock _gate = new();
    private readonly Entry?[] _entries = new Entry?[data.Vectors.Rows];
    private VectorIndex? _index;

    public abstract string Name { get; }

    public abstract string Remarks { get; }

    public abstract bool HasEf { get; }

    public int MostEntries => int.MaxValue;

    /// <summary>The data set.</summary>
    protected DataSet Data => data;

    private VectorIndex Index => _index ?? throw new InvalidOperationException("Nothing was built yet.");

    public Task<double> BuildAsync(int[] rows, int threads, CancellationToken cancellation) => Task.Run(() =>
    {
        _index = null;
        Array.Clear(_entries);
        GC.Collect();
        long started = Stopwatch.GetTimestamp();
        var context = new IndexContext(data.Vectors.Dimension, _exact, new IndexMaintenance(threads, static _ => { }));
        IndexSettings settings = IndexSettings.Default with { FlatEntries = FlatEntries };
        _index = new VectorIndex(context, _gate, () => settings, new ByteAccount());
        Add(rows);
        Settle(_index, threads);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }, cancellation);

    public Task<PeerBytes> BytesAsync(CancellationToken cancellation) => Task.FromResult(new PeerBytes(Index.Bytes, Index.Bytes));

    public Task<int[]> FindAsync(int k, int ef, CancellationToken cancellation) => Task.Run(() =>
    {
        int[] found = new int[data.Queries.Rows * k];
        Array.Fill(found, -1);
        Parallel.For(
            0,
            data.Queries.Rows,
            new ParallelOptions { CancellationToken = cancellation },
            () => new ScoredEntry[k],
            (query, _, nearest) =>
            {
                int count = Search(Index, data.Queries.Row(query), ef, nearest);
                for (int place = 0; place < count; place++)
                {
                    found[(query * k) + place] = RowEntry.RowOf(nearest[place].Entry);
                }

                return nearest;
            },
            _ => { });
        return found;
    }, cancellation);

    public async Task<double> TimeAsync(
        int k, int ef, int threads, TimeSpan duration, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () => CountQueries(k, ef, data.Queries.Rows * thread / threads, started, duration),
            cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public Task<double> ReplaceAsync(
        int[] removed, int[] added, int threads, CancellationToken cancellation) => Task.Run(() =>
    {
        long started = Stopwatch.GetTimestamp();
        foreach (int row in removed)
        {
            Entry entry = _entries[row]!;
            entry.IsRemoved = true;
            Index.Remove(entry);
            _entries[row] = null;
        }

        // The server takes out while others are added; here one comes after the other.
        Settle(Index, threads);
        Add(added);
        Settle(Index, threads);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }, cancellation);

    public ValueTask DisposeAsync()
    {
        _exact.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Entries up to which it is a scan.</summary>
    protected abstract int FlatEntries { get; }

    /// <summary>Finds the nearest entries, best first, and returns how many.</summary>
    protected abstract int Search(VectorIndex index, ReadOnlySpan<float> query, int ef, Span<ScoredEntry> nearest);

    // What the server does in the background.
    private static void Settle(VectorIndex index, int threads)
    {
        while (index.Maintain(threads))
        {
        }
    }

    private void Add(int[] rows)
    {
        foreach (int row in rows)
        {
            Index.Add(_entries[row] = RowEntry.Of(row), data.Vectors.Row(row));
        }
    }

    private long CountQueries(int k, int ef, int first, long started, TimeSpan duration)
    {
        ScoredEntry[] nearest = new ScoredEntry[k];
        long count = 0;
        for (; Stopwatch.GetElapsedTime(started) < duration; count++)
        {
            Search(Index, data.Queries.Row((int)((first + count) % data.Queries.Rows)), ef, nearest);
        }

        return count;
    }
}
