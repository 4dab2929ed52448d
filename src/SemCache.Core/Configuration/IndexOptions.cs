namespace SemCache.Core;

/// <summary>
/// How the vector indexes of a namespace are built and searched, as configured. What is null is taken from the defaults.
/// </summary>
public sealed class IndexOptions
{
    /// <summary>
    /// Links of a node above the lowest layer of a graph, twice as many on it, 4…64. Counts when a graph is made: those
    /// that exist keep theirs. Default: 16.
    /// </summary>
    public int? M { get; set; }

    /// <summary>
    /// Candidates that the neighbours of a new node are chosen from, 16…2,000. Counts when a graph is made. Default: 200.
    /// </summary>
    public int? EfConstruction { get; set; }

    /// <summary>Candidates that a search keeps, 8…4,096. Counts at once. Default: 128.</summary>
    public int? EfSearch { get; set; }

    /// <summary>
    /// Entries up to which a partition is scanned instead of having a graph, 64…10,000,000. A graph is dropped again at
    /// half of that. Counts at once. Default: 4,096.
    /// </summary>
    public int? FlatEntries { get; set; }
}

/// <summary>How vector indexes are kept up to date in the background. Read at start.</summary>
public sealed class IndexMaintenanceOptions
{
    /// <summary>
    /// Threads that link entries at the same time, all partitions together, 1…1,024. Default: as many as there are
    /// processors.
    /// </summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Shortest time between two lookups whose search is compared with an exact scan in the background, 10 ms…1 h; zero
    /// switches the comparison off. Default: 1 s.
    /// </summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Slots of one partition that may wait to be linked, 64…10,000,000. Beyond that, stores into the partition wait too;
    /// not, however, while entries are being linked that were there before the graph. Default: 10,000.
    /// </summary>
    public int MaxBacklog { get; set; } = 10_000;
}
