namespace SemCache.IndexBench.Partitions;

/// <summary>How the same entries are divided.</summary>
internal enum Layout
{
    /// <summary>A few in each of many partitions.</summary>
    Many,

    /// <summary>All in one partition, without a graph.</summary>
    OneFlat,

    /// <summary>All in one partition, with its graph.</summary>
    OneGraph,
}
