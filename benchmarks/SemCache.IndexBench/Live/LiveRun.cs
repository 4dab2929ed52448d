using System.Diagnostics;
using SemCache.IndexBench.Indexes;
using SemCache.LoadTest.Reporting;
using SemCache.Peers.Data;
using SemCache.Peers.Peers;

namespace SemCache.IndexBench.Live;

/// <summary>
/// A large index in use: built by all cores, then searched by one thread, first alone, then while another adds and removes
/// entries and a third keeps the graph up to date.
/// </summary>
internal static class LiveRun
{
    // Each is compared with all entries.
    private const int RecallQueries = 500;

    public static async Task<LiveFigures> RunAsync(LivePlan plan, CancellationToken cancellation)
    {
        Report.Progress("Generating vectors");
        DataSet data = SyntheticData.Generate(plan.Entries, plan.Dimension, plan.Queries, plan.Seed);
        using var exact = new ExactVectorFile(data.Vectors);
        var rows = new RowIndex(data.Vectors, exact, flatEntries: 0);
        Report.Progress("Building the index");
        long started = Stopwatch.GetTimestamp();
        rows.Fill(plan.Entries, Environment.ProcessorCount);
        double buildSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        Report.Progress("Timing hits and misses");
        OutcomeCosts costs = new OutcomeRounds(rows.Index, data.Queries, plan).Run(cancellation);
        Report.Progress("Timing searches without writes");
        var searches = new SearchLoop(rows.Index, data.Queries, plan);
        LatencyFigures quiet = await searches.RunAsync(cancellation);
        Report.Progress("Timing searches with writes");
        (LatencyFigures busy, WriteFigures written) = await WriteMeanwhileAsync(rows, data, plan, searches, cancellation);

        Report.Progress("Comparing with a scan");
        var truth = new Truth(rows.Index, data.Queries);
        int[] sample = [.. Enumerable.Range(0, plan.Queries)];
        new Random(plan.Seed).Shuffle(sample);
        RecallFigures recall = truth.Compare(plan, sample[..Math.Min(sample.Length, RecallQueries)], cancellation);
        Report.Progress("Saving and loading the graph");
        SnapshotFigures snapshots = SnapshotRounds.Run(rows, plan, cancellation);
        rows.Settle(threads: 1);
        return new LiveFigures(
            plan, buildSeconds, costs, quiet, busy, written, recall, snapshots, rows.Index.Validate(),
            rows.MaintenanceFailure?.Message);
    }

    private static async Task<(LatencyFigures Busy, WriteFigures Written)> WriteMeanwhileAsync(
        RowIndex rows, DataSet data, LivePlan plan, SearchLoop searches, CancellationToken cancellation)
    {
        using var stop = new CancellationTokenSource();
        rows.Maintenance.Start();
        var writer = new Writer(rows, data.Vectors.Rows, plan);
        Task<WriteFigures> writing = Task.Run(() => writer.RunAsync(stop.Token), CancellationToken.None);
        try
        {
            return (await searches.RunAsync(cancellation), await StopAsync());
        }
        finally
        {
            await StopAsync();
            // What is compared afterwards stays as it is.
            await rows.Maintenance.DisposeAsync();
        }

        async Task<WriteFigures> StopAsync()
        {
            await stop.CancelAsync();
            return await writing;
        }
    }
}
