using System.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Storage;
using SemCache.IndexBench.Indexes;
using SemCache.Peers.Measuring;

namespace SemCache.IndexBench.Live;

/// <summary>Saves the graph, and loads it as a start does: reads and checks the file, then takes the graph over.</summary>
internal static class SnapshotRounds
{
    public static SnapshotFigures Run(RowIndex rows, LivePlan plan, CancellationToken cancellation)
    {
        int m = IndexSettings.Default.M;
        var identity = new SnapshotIdentity(1, LogIdentity.Of(plan.Seed), 1, plan.Dimension, m);
        using var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"semcache-index-{Guid.NewGuid():N}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 0,
            FileOptions.DeleteOnClose);
        var saves = new Samples();
        var loads = new Samples();
        for (int round = 0; round < plan.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            file.SetLength(0);
            long started = Stopwatch.GetTimestamp();
            rows.Index.Quiescent((linked, gate) => GraphSnapshot.Write(file, identity, coveredUntil: 1, linked, gate));
            file.Flush(flushToDisk: true);
            saves.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);

            file.Position = 0;
            started = Stopwatch.GetTimestamp();
            GraphSnapshot snapshot = GraphSnapshot.Read(
                file, identity, logTail: 1, IndexSettings.Default.EfConstruction);
            rows.Adopt(snapshot);
            loads.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return new SnapshotFigures(file.Length, saves, loads);
    }
}
