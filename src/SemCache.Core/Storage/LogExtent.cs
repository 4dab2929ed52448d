namespace SemCache.Core.Storage;

/// <summary>Where the log's files hold anything.</summary>
/// <param name="Begin">Address of the log's first segment.</param>
/// <param name="SegmentSize">Bytes of a segment.</param>
/// <param name="Lengths">Length of each segment's file that is there, by its number.</param>
internal sealed record LogExtent(long Begin, long SegmentSize, IReadOnlyDictionary<long, long> Lengths)
{
    /// <summary>Whether a record can be there: it is not in front of the log, and its file is long enough.</summary>
    public bool Holds(LogLocation location) =>
        location.Address >= Begin
        && Lengths.TryGetValue(location.Address / SegmentSize, out long length)
        && (location.Address % SegmentSize) + LogScanner.HeaderBytes + location.Length <= length;
}
