namespace SemCache.Core.Indexing;

/// <summary>What all indexes of a cache share.</summary>
/// <param name="Dimension">Components of a vector.</param>
/// <param name="Exact">Where vectors are read back from.</param>
/// <param name="Maintenance">Who links what was added and takes out what was removed.</param>
internal sealed record IndexContext(int Dimension, IExactVectors Exact, IndexMaintenance Maintenance);
