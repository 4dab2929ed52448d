using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <summary>An entry that a search found.</summary>
/// <param name="Entry">The entry; may have been removed since.</param>
/// <param name="Similarity">Cosine similarity to the query, −1…1, higher is closer.</param>
internal readonly record struct ScoredEntry(Entry Entry, float Similarity);

/// <summary>The vectors of one partition. Vectors have unit length and all the same dimension.</summary>
/// <remarks>
/// One writer at a time (the partition's gate); searches run at any time beside it, wait for nobody, and never return
/// an entry that was removed before they began.
/// </remarks>
internal interface IVectorIndex
{
    /// <summary>Vectors in the index.</summary>
    int Count { get; }

    /// <summary>Bytes of memory that the index holds.</summary>
    long Bytes { get; }

    /// <summary>Adds a vector and notes its slot in the entry.</summary>
    void Add(Entry entry, ReadOnlySpan<float> vector);

    /// <summary>Removes an entry that was added.</summary>
    void Remove(Entry entry);

    /// <summary>Finds the nearest entries.</summary>
    /// <param name="query">Unit length.</param>
    /// <param name="nearest">Receives the entries, nearest first; its length is the number asked for.</param>
    /// <returns>How many were found; fewer than asked for only when the index holds no more.</returns>
    int Search(ReadOnlySpan<float> query, Span<ScoredEntry> nearest);
}
