using System.Diagnostics;

namespace SemCache.LoadTest.Loops;

/// <summary>How long calls are made: first unmeasured, then measured.</summary>
internal readonly record struct LoopTime(TimeSpan Warmup, TimeSpan Measured)
{
    public static LoopTime Seconds(int warmup, int measured) =>
        new(TimeSpan.FromSeconds(warmup), TimeSpan.FromSeconds(measured));

    public TimeSpan Total => Warmup + Measured;
}

/// <summary>When calls are measured, in ticks of <see cref="Stopwatch"/>.</summary>
internal readonly record struct Window(long From, long Until)
{
    public static Window Open(long begin, LoopTime time) => new(begin + Ticks(time.Warmup), begin + Ticks(time.Total));

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
