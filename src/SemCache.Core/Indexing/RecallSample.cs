namespace SemCache.Core.Indexing;

/// <summary>A lookup's search and what it found.</summary>
/// <param name="Namespace">Where it was asked.</param>
/// <param name="Index">What was searched.</param>
/// <param name="Query">Unit length; not changed any more.</param>
/// <param name="Threshold">Lowest similarity that was of use.</param>
/// <param name="Nearest">The nearest entry found; null for none.</param>
/// <param name="AskedAt">A moment before the search.</param>
internal sealed record RecallSample(
    string Namespace, VectorIndex Index, float[] Query, float Threshold, ScoredEntry? Nearest, DateTimeOffset AskedAt);
