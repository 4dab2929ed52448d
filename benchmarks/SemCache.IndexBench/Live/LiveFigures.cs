using HdrHistogram;
using SemCache.Core.Indexing;
using SemCache.Peers.Measuring;

namespace SemCache.IndexBench.Live;

/// <summary>Everything that a live run found out.</summary>
/// <param name="Plan">What the index went through.</param>
/// <param name="BuildSeconds">Filling the index, with all cores.</param>
/// <param name="Costs">Hits next to misses.</param>
/// <param name="Quiet">Searches while nothing is written.</param>
/// <param name="Busy">Searches while entries come and go.</param>
/// <param name="Written">What came and went meanwhile.</param>
/// <param name="Recall">What searches found afterwards, next to a scan.</param>
/// <param name="Snapshots">Saving and loading the graph.</param>
/// <param name="Report">The index's own check at the end, of the graph that was loaded.</param>
/// <param name="MaintenanceFailure">What ended background maintenance; null when it went well.</param>
internal sealed record LiveFigures(
    LivePlan Plan,
    double BuildSeconds,
    OutcomeCosts Costs,
    LatencyFigures Quiet,
    LatencyFigures Busy,
    WriteFigures Written,
    RecallFigures Recall,
    SnapshotFigures Snapshots,
    IndexReport Report,
    string? MaintenanceFailure)
{
    /// <summary>Whether the index is sound.</summary>
    public bool IsRight => Report.Problems.Count == 0 && MaintenanceFailure is null;
}

/// <summary>What searches of each outcome cost, in microseconds, one figure a round.</summary>
/// <param name="HitQueries">Queries with an entry above the threshold.</param>
/// <param name="MissQueries">Queries without one.</param>
/// <param name="Hits">Mean time of a hit in each round.</param>
/// <param name="Misses">Mean time of a miss in each round.</param>
internal sealed record OutcomeCosts(int HitQueries, int MissQueries, Samples Hits, Samples Misses)
{
    /// <summary>Median over the rounds of the time of a miss divided by that of a hit.</summary>
    public double? MissToHit => Misses.RatioTo(Hits);
}

/// <summary>Times of single searches on one thread, in microseconds.</summary>
/// <param name="SearchesPerSecond">Searches a second, one after the other.</param>
/// <param name="P50">Median.</param>
/// <param name="P99">99 of 100 take no longer.</param>
/// <param name="P999">999 of 1,000 take no longer.</param>
/// <param name="Max">The longest.</param>
/// <param name="GcPauseMilliseconds">How long the runtime had all threads stopped, in all.</param>
internal sealed record LatencyFigures(
    double SearchesPerSecond, double P50, double P99, double P999, double Max, double GcPauseMilliseconds)
{
    private const double NanosecondsPerMicrosecond = 1e3;

    /// <param name="nanoseconds">A time for each search.</param>
    /// <param name="elapsed">Time of all.</param>
    /// <param name="pause">Of this, pauses of the garbage collection.</param>
    public static LatencyFigures Of(HistogramBase nanoseconds, TimeSpan elapsed, TimeSpan pause)
    {
        return new LatencyFigures(
            nanoseconds.TotalCount / elapsed.TotalSeconds, At(50), At(99), At(99.9), At(100), pause.TotalMilliseconds);

        double At(double percentile) => nanoseconds.GetValueAtPercentile(percentile) / NanosecondsPerMicrosecond;
    }
}

/// <summary>What a writer did, and how maintenance kept up with it.</summary>
/// <param name="AddsPerSecond">Entries added a second.</param>
/// <param name="RemovesPerSecond">Entries removed a second.</param>
/// <param name="LargestBacklog">Most slots that waited to be linked or taken out, looked at every millisecond.</param>
/// <param name="FinalBacklog">Slots that waited when the writer ended.</param>
internal sealed record WriteFigures(double AddsPerSecond, double RemovesPerSecond, int LargestBacklog, int FinalBacklog);

/// <summary>Saving a graph to a file and loading it from there, the file in the system's page cache.</summary>
/// <param name="Bytes">Bytes of the file.</param>
/// <param name="SaveSeconds">Seconds until it is on the device, one figure a round.</param>
/// <param name="LoadSeconds">Seconds until the index stands on the graph that was loaded, one figure a round.</param>
internal sealed record SnapshotFigures(long Bytes, Samples SaveSeconds, Samples LoadSeconds);

/// <summary>What searches find of what a scan finds.</summary>
/// <param name="Queries">Queries that were asked.</param>
/// <param name="Nearest">Share of them whose nearest entry came first, without a threshold.</param>
/// <param name="Hits">Of those with an entry above the threshold, the share that a search with it found.</param>
internal sealed record RecallFigures(int Queries, double Nearest, double Hits);
