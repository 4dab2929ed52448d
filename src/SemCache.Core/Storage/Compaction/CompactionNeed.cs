namespace SemCache.Core.Storage;

/// <summary>What is to be done with the oldest segment.</summary>
internal enum CompactionNeed
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>Nothing in it is live: it can go as it is.</summary>
    Drop,

    /// <summary>What is live in it is to be written again, in no hurry.</summary>
    Copy,

    /// <summary>As above, as quickly as can be: the log is larger than it may be.</summary>
    Hurry,
}

/// <summary>The figures of the log that say whether its oldest segment has to go.</summary>
/// <param name="Segments">Segments in front of the one that is appended to.</param>
/// <param name="SegmentBytes">Bytes of a segment.</param>
/// <param name="LogBytes">Bytes of the whole log.</param>
/// <param name="LiveBytes">Live bytes of the whole log.</param>
/// <param name="LiveInOldest">Live bytes of the oldest segment.</param>
internal readonly record struct LogFigures(
    long Segments, long SegmentBytes, long LogBytes, long LiveBytes, long LiveInOldest)
{
    // Segments that are worth a compaction at the least.
    private const int FewestSegments = 2;

    /// <summary>Says what is to be done.</summary>
    /// <param name="liveRatio">
    /// Share of the log that live bytes are to take. Below it, each byte written again frees more than (1 − ratio) / ratio
    /// others in the long run, which bounds what is written.
    /// </param>
    /// <param name="allowedBytes">
    /// Bytes that the log may take. Above, it is compacted whatever its ratio, as long as there is a segment's worth to gain:
    /// a log that is live throughout would be written again and again for nothing.
    /// </param>
    public CompactionNeed Need(double liveRatio, long allowedBytes)
    {
        if (Segments < 1)
        {
            return CompactionNeed.None;
        }

        if (LiveInOldest == 0)
        {
            return CompactionNeed.Drop;
        }

        if (LogBytes > allowedBytes && LogBytes - LiveBytes >= FewestSegments * SegmentBytes)
        {
            return CompactionNeed.Hurry;
        }

        return Segments > FewestSegments && LiveBytes < liveRatio * LogBytes ? CompactionNeed.Copy : CompactionNeed.None;
    }
}
