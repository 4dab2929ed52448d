namespace SemCache.Core.Storage.Checking;

/// <summary>What a check of a log's folder found.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Problems">Problems, all of them.</param>
/// <param name="Notes">Notes, all of them.</param>
/// <param name="Findings">The first of both, in the order in which they were met.</param>
/// <param name="BeginAddress">Where the log begins.</param>
/// <param name="TailAddress">Address behind the last whole record.</param>
/// <param name="Records">Whole records.</param>
/// <param name="DamagedBytes">Bytes between whole records that are none.</param>
/// <param name="Entries">Entries that a server would serve.</param>
/// <param name="Expired">Entries that it would have served, had they not expired.</param>
/// <param name="Graphs">Saved graphs that are sound.</param>
/// <param name="Segments">The log's files.</param>
/// <param name="Namespaces">What the entries belong to.</param>
/// <param name="Embedders">What made the entries' vectors.</param>
internal sealed record CheckReport(
    string Folder,
    long Problems,
    long Notes,
    IReadOnlyList<Finding> Findings,
    long BeginAddress,
    long TailAddress,
    long Records,
    long DamagedBytes,
    long Entries,
    long Expired,
    int Graphs,
    IReadOnlyList<SegmentFigures> Segments,
    IReadOnlyList<NamespaceFigures> Namespaces,
    IReadOnlyList<EmbedderFigures> Embedders);

/// <summary>One file of the log.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="LiveBytes">Bytes of the records that entries live in.</param>
/// <param name="DeadBytes">Bytes of records that are of no use any more, names of partitions included.</param>
internal sealed record SegmentFigures(string File, long Bytes, long LiveBytes, long DeadBytes);

/// <summary>Entries of one namespace.</summary>
/// <param name="Namespace">Its name.</param>
/// <param name="Partitions">Partitions that hold entries.</param>
/// <param name="Entries">Entries that a server would serve.</param>
internal sealed record NamespaceFigures(string Namespace, int Partitions, long Entries);

/// <summary>Entries whose vectors one embedder made.</summary>
/// <param name="Fingerprint">The embedder's, in hexadecimal digits.</param>
/// <param name="Dimension">Components of its vectors; 0 when all prompts were over its window.</param>
/// <param name="Entries">Entries that a server would serve.</param>
internal sealed record EmbedderFigures(string Fingerprint, int Dimension, long Entries);
