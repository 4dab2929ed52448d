using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <summary>Gives back the vectors that an index keeps quantised only.</summary>
internal interface IExactVectors
{
    /// <summary>Reads the vector of an entry. Safe for concurrent use.</summary>
    /// <param name="entry">An entry that was added to an index.</param>
    /// <param name="vector">Receives the vector; as long as its dimension.</param>
    /// <returns>False when it cannot be read; <paramref name="vector"/> is then undefined.</returns>
    bool TryRead(Entry entry, Span<float> vector);
}
