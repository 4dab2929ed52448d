using SemCache.Core.Diagnostics;

namespace SemCache.Core.Requests;

/// <summary>Lets a bounded number of requests in at a time and refuses the rest at once.</summary>
/// <param name="what">What is limited, as the message and the metric call it.</param>
/// <param name="max">Most at a time.</param>
/// <param name="option">The option of <see cref="LimitsOptions"/> that says so; null when none does.</param>
/// <param name="retryAfter">When trying again may help.</param>
/// <param name="metrics">Counts what is refused.</param>
internal sealed class ConcurrencyLimit(string what, int max, string? option, TimeSpan retryAfter, SemCacheMetrics metrics)
{
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
            throw new LimitReachedException(
                $"{max} {what} are running" + (option is null ? "" : $" (SemCache:Limits:{option})"), retryAfter);
        }

        return new Admittance(this);
    }

    /// <summary>A request that was let in; the default is one that counts nowhere.</summary>
    public readonly struct Admittance(ConcurrencyLimit limit) : IDisposable
    {
        public void Dispose()
        {
            if (limit is not null)
            {
                Interlocked.Decrement(ref limit._running);
            }
        }
    }
}
