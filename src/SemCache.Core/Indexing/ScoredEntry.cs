using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <summary>An entry that a search found.</summary>
/// <param name="Entry">The entry; may have been removed since.</param>
/// <param name="Similarity">Cosine similarity to the query, −1…1, higher is closer.</param>
internal readonly record struct ScoredEntry(Entry Entry, float Similarity);
