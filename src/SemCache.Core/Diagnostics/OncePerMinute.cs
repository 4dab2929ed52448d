namespace SemCache.Core.Diagnostics;

/// <summary>
/// Keeps an event that every request may cause from flooding the log: one a minute is let through. How often it really
/// happens is for metrics to say. Safe for concurrent use.
/// </summary>
internal sealed class OncePerMinute(TimeProvider time)
{
    private const long Never = long.MinValue;

    private long _last = Never;

    /// <summary>Whether it is this call's turn.</summary>
    public bool TryTake()
    {
        long last = Interlocked.Read(ref _last);
        long now = time.GetTimestamp();
        return (last == Never || time.GetElapsedTime(last, now) >= TimeSpan.FromMinutes(1))
            && Interlocked.CompareExchange(ref _last, now, last) == last;
    }
}
