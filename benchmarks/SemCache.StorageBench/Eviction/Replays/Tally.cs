using System.Diagnostics;
using Trace = SemCache.StorageBench.Eviction.Traces.Trace;

namespace SemCache.StorageBench.Eviction.Replays;

/// <summary>Adds up what hits and what does not.</summary>
internal sealed class Tally(Trace trace)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _requests;
    private long _hits;
    private double _bytes;
    private double _bytesHit;
    private double _cost;
    private double _costHit;

    public void Add(int item, bool isHit)
    {
        int bytes = trace.BytesOf(item);
        float cost = trace.CostOf(item);
        _requests++;
        _bytes += bytes;
        _cost += cost;
        if (isHit)
        {
            _hits++;
            _bytesHit += bytes;
            _costHit += cost;
        }
    }

    public ReplayFigures Figures(string policy, double budgetShare) => new(
        policy,
        budgetShare,
        (double)_hits / _requests,
        _bytesHit / _bytes,
        _costHit / _cost,
        Stopwatch.GetElapsedTime(_started).TotalNanoseconds / _requests);
}
