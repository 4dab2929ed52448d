namespace SemCache.Core.Storage;

/// <summary>Keeps compaction to so many bytes a second, so that lookups and stores have the device and the processor.</summary>
/// <remarks>One caller at a time. What was not used of the rate is not made up for later.</remarks>
/// <param name="bytesPerSecond">The rate, at least 1.</param>
/// <param name="isUrgent">Whether the log is larger than it may be at the moment: then nothing waits.</param>
/// <param name="time">Tells the time and waits.</param>
internal sealed class CompactionPace(long bytesPerSecond, Func<bool> isUrgent, TimeProvider time)
{
    // Shorter waits are collected: they take longer than they should.
    private static readonly TimeSpan _shortestWait = TimeSpan.FromMilliseconds(5);

    private long _last = time.GetTimestamp();
    private TimeSpan _ahead;

    /// <summary>Waits until these bytes may have been worked on too.</summary>
    public Task WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        if (isUrgent())
        {
            return Task.CompletedTask;
        }

        long now = time.GetTimestamp();
        TimeSpan left = _ahead - time.GetElapsedTime(_last, now);
        _ahead = (left > TimeSpan.Zero ? left : TimeSpan.Zero) + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
        _last = now;
        return _ahead < _shortestWait ? Task.CompletedTask : Task.Delay(_ahead, time, cancellationToken);
    }
}
