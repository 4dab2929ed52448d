namespace SemCache.Peers.Peers;

/// <summary>A vector index that is measured. It holds rows of a data set and is asked the data set's queries.</summary>
/// <remarks>
/// Calls come one after the other. A method that cannot do its work throws
/// <see cref="NotMeasuredException"/>; the peer is then left out of the rest of the run.
/// </remarks>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>One of <see cref="PeerNames"/>.</summary>
    string Name { get; }

    /// <summary>What a reader of its figures must know: parameters, where it runs, how its bytes are counted.</summary>
    string Remarks { get; }

    /// <summary>Whether ef changes anything. An exact scan is measured at one point only, with ef 0.</summary>
    bool HasEf { get; }

    /// <summary>Most entries that it is measured with.</summary>
    int MostEntries { get; }

    /// <summary>Makes a new index of these rows. The former one is gone before the clock starts.</summary>
    /// <param name="rows">Rows of the data set's vectors, in the order of insertion.</param>
    /// <param name="threads">Threads to build with.</param>
    /// <returns>Seconds until every row is indexed as well as it will be.</returns>
    Task<double> BuildAsync(int[] rows, int threads, CancellationToken cancellation);

    /// <summary>What the index holds in memory now.</summary>
    Task<PeerBytes> BytesAsync(CancellationToken cancellation);

    /// <summary>Answers every query, with all cores. Not timed: it shows the recall, and warms up.</summary>
    /// <returns>The rows found, <paramref name="k"/> for each query, nearest first; −1 where there are no more.</returns>
    Task<int[]> FindAsync(int k, int ef, CancellationToken cancellation);

    /// <summary>Asks the queries over and over, each thread from another one on.</summary>
    /// <returns>Queries a second, all threads together.</returns>
    Task<double> TimeAsync(int k, int ef, int threads, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Takes rows out of the index, then puts others in.</summary>
    /// <returns>Seconds until the index is as it will be.</returns>
    Task<double> ReplaceAsync(int[] removed, int[] added, int threads, CancellationToken cancellation);
}

/// <summary>Memory of an index, in bytes of the whole.</summary>
/// <param name="VectorsAndLinks">Of vectors and links; null where they cannot be told from the rest.</param>
/// <param name="All">Of everything that grows with the entries.</param>
internal sealed record PeerBytes(double? VectorsAndLinks, double All);

/// <summary>The peers by name.</summary>
internal static class PeerNames
{
    public const string Ours = "ours";
    public const string Hnswlib = "hnswlib";
    public const string Flat = "flat";
    public const string Garnet = "garnet";
}
