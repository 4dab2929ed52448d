using System.Text.Json.Serialization;
using HdrHistogram;
using SemCache.StorageBench.Figures;

namespace SemCache.StorageBench.Soak;

/// <summary>What one second of a soak looked like. Sizes in bytes, latencies in milliseconds, histograms in microseconds.</summary>
internal sealed record SecondSample(
    double Second,
    long ResidentBytes,
    double AccountedBytes,
    long FolderBytes,
    double LogBytes,
    double LiveBytes,
    double Entries,
    double Evicted,
    double Compacted,
    Quantiles ExactHits,
    Quantiles OtherLookups,
    Quantiles Stores,
    [property: JsonIgnore] LongHistogram ExactHitTimes,
    [property: JsonIgnore] LongHistogram OtherLookupTimes)
{
    /// <summary>Whether entries were evicted in this second.</summary>
    public bool IsEvicting => Evicted > 0;

    /// <summary>Whether segments were read by compaction, or given back, in this second.</summary>
    public bool IsCompacting => Compacted > 0;
}
