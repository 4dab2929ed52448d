namespace SemCache.Core.Indexing;

/// <summary>What a check of many indexes found.</summary>
/// <param name="Partitions">Partitions checked.</param>
/// <param name="Entries">Entries with a vector in them.</param>
/// <param name="FaultyPartitions">Partitions with problems.</param>
/// <param name="Reports">
/// Partitions that have a graph or problems, most problems first, then most entries; at most
/// <see cref="SemanticCache.MaxIndexReports"/>.
/// </param>
/// <param name="ReportsLeftOut">Such partitions beyond these.</param>
public sealed record IndexValidation(
    int Partitions, long Entries, int FaultyPartitions, IReadOnlyList<PartitionIndexReport> Reports, int ReportsLeftOut);

/// <summary>State of one partition's index.</summary>
/// <param name="Namespace">The partition's namespace.</param>
/// <param name="Scope">Its scope. Conversations with differing other messages are partitions of the same scope.</param>
/// <param name="Index">The index.</param>
public sealed record PartitionIndexReport(string Namespace, IReadOnlyDictionary<string, string> Scope, IndexReport Index);
