namespace SemCache.Core.Indexing;

/// <summary>How the vector indexes of a namespace are built and searched.</summary>
/// <param name="M">Links of a node above layer 0, twice as many on it, 4…64. Taken when a graph is made.</param>
/// <param name="EfConstruction">
/// Candidates that the neighbours of a new node are chosen from, 16…2,000. Taken when a graph is made.
/// </param>
/// <param name="EfSearch">Candidates that a search keeps, 8…4,096. Taken at every search.</param>
/// <param name="FlatEntries">
/// Entries up to which a partition is scanned instead of having a graph, 64…10,000,000. A graph is dropped again at half
/// of that.
/// </param>
public sealed record IndexSettings(int M, int EfConstruction, int EfSearch, int FlatEntries)
{
    /// <summary>Largest <see cref="M"/>.</summary>
    public const int MaxM = 64;

    /// <summary>Largest <see cref="EfSearch"/>.</summary>
    public const int MaxEfSearch = 4096;

    /// <summary>What holds where nothing is configured.</summary>
    public static readonly IndexSettings Default = new(M: 16, EfConstruction: 200, EfSearch: 128, FlatEntries: 4096);
}
