namespace SemCache.IndexBench.Partitions;

/// <summary>Memory that one layout takes, what the empty process took subtracted.</summary>
/// <param name="Managed">Bytes of living objects.</param>
/// <param name="Resident">Bytes of the process in memory.</param>
/// <param name="Indexes">Bytes of vectors and links, by the indexes' own count.</param>
internal sealed record MemoryFigures(long Managed, long Resident, long Indexes);

/// <summary>The memory of all layouts.</summary>
/// <param name="Plan">What was put into memory.</param>
/// <param name="Many">Many partitions.</param>
/// <param name="OneFlat">One partition without a graph.</param>
/// <param name="OneGraph">One partition with a graph.</param>
internal sealed record PartitionFigures(
    PartitionPlan Plan, MemoryFigures Many, MemoryFigures OneFlat, MemoryFigures OneGraph)
{
    /// <summary>Resident memory of many partitions as a multiple of one with a graph: what a server would hold.</summary>
    public double ManyToGraph => (double)Many.Resident / OneGraph.Resident;

    /// <summary>Resident memory of many partitions as a multiple of one without a graph.</summary>
    public double ManyToFlat => (double)Many.Resident / OneFlat.Resident;

    /// <summary>Living bytes that a partition takes beside its entries.</summary>
    public double BytesOfAPartition => (double)(Many.Managed - OneFlat.Managed) / Plan.Partitions;
}
