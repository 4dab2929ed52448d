using System.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.IndexBench.Indexes;
using SemCache.LoadTest.Reporting;
using SemCache.Peers.Data;
using SemCache.Peers.Measuring;
using SemCache.Peers.Peers;

namespace SemCache.IndexBench.Crossover;

/// <summary>
/// Times the scan and the graph over the same entries in turns, on one thread, without a threshold: neither may stop early.
/// </summary>
internal static class CrossoverRun
{
    private static readonly int[] _sizes = [500, 1_000, 2_000, 3_000, 4_000, 6_000, 8_000, 12_000, 16_000, 32_000];

    private delegate int Search(ReadOnlySpan<float> query, Span<ScoredEntry> nearest);

    public static CrossoverFigures Run(
        int dimension, int queries, int rounds, int seed, CancellationToken cancellation)
    {
        int ef = IndexSettings.Default.EfSearch;
        List<SizeFigures> sizes = [];
        foreach (int entries in _sizes)
        {
            Report.Progress($"{entries:N0} entries");
            DataSet data = SyntheticData.Generate(entries, dimension, queries, seed);
            using var exact = new ExactVectorFile(data.Vectors);
            var rows = new RowIndex(data.Vectors, exact, flatEntries: 0);
            rows.Fill(entries, Environment.ProcessorCount);
            sizes.Add(Measure(entries, rows.Index, data.Queries, ef, rounds, cancellation));
        }

        return new CrossoverFigures(dimension, ef, sizes);
    }

    private static SizeFigures Measure(
        int entries, VectorIndex index, VectorTable queries, int ef, int rounds, CancellationToken cancellation)
    {
        var figures = new SizeFigures(entries, new Samples(), new Samples());
        Search scan = index.Scan;
        Search graph = (query, nearest) => index.Search(query, -1, ef, nearest);
        Time(scan, queries);
        Time(graph, queries);
        for (int round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            figures.Scan.Add(Time(scan, queries));
            figures.Graph.Add(Time(graph, queries));
        }

        return figures;
    }

    // The mean, in microseconds.
    private static double Time(Search search, VectorTable queries)
    {
        Span<ScoredEntry> nearest = new ScoredEntry[1];
        long started = Stopwatch.GetTimestamp();
        for (int query = 0; query < queries.Rows; query++)
        {
            search(queries.Row(query), nearest);
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / queries.Rows;
    }
}
