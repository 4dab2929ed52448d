namespace SemCache.Core.Indexing;

/// <summary>State of one partition's index, and what a check of its graph found.</summary>
/// <param name="Entries">Entries with a vector.</param>
/// <param name="Linked">Nodes of the graph, those of removed entries included until they are taken out; 0 without a graph.</param>
/// <param name="Pending">Slots that wait to be linked or taken out.</param>
/// <param name="Bytes">Bytes of vectors and links.</param>
/// <param name="Problems">What is wrong with the graph, one sentence each, at most 21; empty when all is well.</param>
public sealed record IndexReport(int Entries, int Linked, int Pending, long Bytes, IReadOnlyList<string> Problems);
