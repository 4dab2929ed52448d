using System.Runtime.InteropServices;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Requests;

/// <summary>
/// Lets a bounded number of requests in at a time, of each flow no more than it leaves free, and refuses the rest at once. So one
/// that floods keeps a place for the next, and for each after that half of what is left.
/// </summary>
/// <remarks>Safe for concurrent use. Holds nothing of a flow that has no request in.</remarks>
/// <param name="what">What is limited, as the message and the metric call it.</param>
/// <param name="max">Most at a time.</param>
/// <param name="option">The option of <see cref="LimitsOptions"/> that says so.</param>
/// <param name="retryAfter">When trying again may help.</param>
/// <param name="metrics">Counts what is refused.</param>
internal sealed class FairConcurrencyLimit(string what, int max, string option, TimeSpan retryAfter, SemCacheMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byFlow = [];
    private int _running;

    /// <summary>Requests that are in.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Lets a request in; dispose what is returned when it is done, once.</summary>
    /// <param name="flow">Who shares: a namespace; empty for all that hold no entry.</param>
    /// <exception cref="LimitReachedException">As many as allowed are in.</exception>
    public Admittance Enter(string flow)
    {
        int own;
        int running;
        lock (_gate)
        {
            running = _running;
            own = _byFlow.GetValueOrDefault(flow);
            if (own < max - running)
            {
                _running++;
                _byFlow[flow] = own + 1;
                return new Admittance(this, flow);
            }
        }

        metrics.Refused(what);
        throw new LimitReachedException(
            $"{running} {what} are running, {own} of them for {(flow.Length == 0 ? "namespaces without entries" : "this namespace")}, "
            + $"where no more are allowed than {max} leave free (SemCache:Limits:{option})",
            retryAfter);
    }

    private void Leave(string flow)
    {
        lock (_gate)
        {
            _running--;
            ref int own = ref CollectionsMarshal.GetValueRefOrNullRef(_byFlow, flow);
            if (--own == 0)
            {
                _byFlow.Remove(flow);
            }
        }
    }

    /// <summary>A request that was let in.</summary>
    public readonly struct Admittance(FairConcurrencyLimit limit, string flow) : IDisposable
    {
        public void Dispose() => limit.Leave(flow);
    }
}
