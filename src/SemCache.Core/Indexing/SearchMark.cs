using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing;

/// <summary>
/// A moment in an index's life. With it, what a search found can be brought up to date by looking at what was added since,
/// as long as no entry has changed its slot.
/// </summary>
/// <param name="Added">Slots that had been filled.</param>
/// <param name="Arena">Where the slots were.</param>
/// <param name="Moves">How often slots had changed.</param>
internal sealed record SearchMark(long Added, VectorArena Arena, long Moves);
