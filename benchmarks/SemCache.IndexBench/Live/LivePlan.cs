namespace SemCache.IndexBench.Live;

/// <summary>What an index goes through while it is measured.</summary>
/// <param name="Entries">Entries at any time.</param>
/// <param name="Dimension">Components of a vector.</param>
/// <param name="Seconds">How long searches are timed, once without writes and once with them.</param>
/// <param name="Writes">Entries added, and as many removed, a second.</param>
/// <param name="Ef">Candidates that a search keeps.</param>
/// <param name="Threshold">Similarity that makes a hit.</param>
/// <param name="Queries">Different queries: half stored vectors with noise, half fresh points.</param>
/// <param name="Rounds">In how many rounds hits and misses are timed in turns.</param>
/// <param name="Seed">Chooses vectors, queries and what is removed.</param>
internal sealed record LivePlan(
    int Entries,
    int Dimension,
    int Seconds,
    int Writes,
    int Ef,
    float Threshold,
    int Queries,
    int Rounds,
    int Seed)
{
    /// <summary>Entries that a lookup asks for at first.</summary>
    public const int Candidates = 8;
}
