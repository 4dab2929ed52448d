using SemCache.Core.Diagnostics;

namespace SemCache.Core.Requests;

/// <summary>Lets a bounded number of requests in at a time and refuses the rest at once.</summary>
internal sealed class ConcurrencyLimit(string what, int max, string option, SemCacheMetrics metrics)
{
    private static readonly TimeSpan _retryAfter = TimeSpan.FromMilliseconds(50);

    private int _running;

    /// <summary>Requests that are in.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Lets a request in; dispose what is returned when it is done.</summary>
    /// <exception cref="LimitReachedException">As many as allowed are in.</exception>
    public Admittance Enter()
    {
        if (Interlocked.Increment(ref _running) > max)
        {
            Interlocked.Decrement(ref _running);
            metrics.Refused(what);
            throw new LimitReachedException($"{max} {what} are running (SemCache:Limits:{option})", _retryAfter);
        }

        return new Admittance(this);
    }

    /// <summary>A request that was let in.</summary>
    public readonly struct Admittance(ConcurrencyLimit limit) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref limit._running);
    }
}
