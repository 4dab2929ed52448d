namespace SemCache.Core.Storage;

/// <summary>What was written to the log since it was opened.</summary>
/// <param name="Tail">Address that the next record goes to.</param>
/// <param name="Records">Bytes of all records.</param>
/// <param name="Copied">Bytes of the records that compaction wrote.</param>
internal readonly record struct LogWritten(long Tail, long Records, long Copied);

/// <summary>
/// Ends compaction that gains nothing. What has gone through the whole log in one go and freed hardly more than it wrote would go
/// through it for ever: the ends of pages that the next record did not fit into count as dead too, and so do earlier
/// definitions of partitions. It rests until a segment's worth has died.
/// </summary>
/// <remarks>
/// What others append meanwhile is no loss of compaction's. Ends of pages are taken to be its own in proportion to what it
/// wrote. One caller at a time.
/// </remarks>
internal sealed class CompactionRest
{
    private const long None = -1;

    // The segment that the log began with when it was begun to be gone through, that it ended with, and what was written by then.
    private long _passBegan;
    private long _passEnds = None;
    private LogWritten _writtenBefore;

    // The least that was dead since the rest began.
    private long _deadAtRest = None;

    /// <summary>Whether compaction waits for something to die: nobody must wait for it then.</summary>
    public bool IsResting => _deadAtRest != None;

    /// <summary>What is to be done, given what would be to be done.</summary>
    /// <param name="need">What the figures ask for.</param>
    /// <param name="figures">The figures.</param>
    /// <param name="oldest">The oldest segment.</param>
    /// <param name="written">What was written.</param>
    public CompactionNeed Limit(CompactionNeed need, in LogFigures figures, long oldest, LogWritten written)
    {
        long dead = figures.LogBytes - figures.LiveBytes;
        if (_deadAtRest != None)
        {
            _deadAtRest = Math.Min(_deadAtRest, dead);
        }

        switch (need)
        {
            case CompactionNeed.None:
                // As far as it had to go: no pass.
                _passEnds = None;
                return need;
            case CompactionNeed.Drop:
                return need;
        }

        if (_deadAtRest != None && dead - _deadAtRest < figures.SegmentBytes)
        {
            return CompactionNeed.None;
        }

        _deadAtRest = None;
        if (_passEnds != None && oldest < _passEnds)
        {
            return need;
        }

        if (_passEnds != None && Gained(figures.SegmentBytes, oldest, written) < figures.SegmentBytes)
        {
            (_passEnds, _deadAtRest) = (None, dead);
            return CompactionNeed.None;
        }

        (_passBegan, _passEnds, _writtenBefore) = (oldest, oldest + figures.Segments, written);
        return need;
    }

    private double Gained(long segmentBytes, long oldest, LogWritten written)
    {
        double records = Math.Max(1, written.Records - _writtenBefore.Records);
        double share = (written.Copied - _writtenBefore.Copied) / records;
        return ((oldest - _passBegan) * segmentBytes) - (share * (written.Tail - _writtenBefore.Tail));
    }
}
