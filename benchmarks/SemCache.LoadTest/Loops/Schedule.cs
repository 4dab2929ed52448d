using System.Diagnostics;

namespace SemCache.LoadTest.Loops;

/// <summary>When calls are due: evenly spaced, each counted from the beginning so that no error adds up.</summary>
/// <param name="Begin">When the first is due, in ticks of <see cref="Stopwatch"/>.</param>
/// <param name="CallsPerSecond">How many are due a second, more than 0.</param>
internal readonly record struct Schedule(long Begin, double CallsPerSecond)
{
    /// <summary>When the call of this number, from 0, is due.</summary>
    public long DueAt(long call) => Begin + (long)(call * (Stopwatch.Frequency / CallsPerSecond));

    /// <summary>How many calls are due within a time.</summary>
    public long CountIn(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds * CallsPerSecond);
}
