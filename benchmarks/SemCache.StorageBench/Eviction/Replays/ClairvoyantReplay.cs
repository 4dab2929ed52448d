using SemCache.StorageBench.Eviction.Traces;

namespace SemCache.StorageBench.Eviction.Replays;

/// <summary>
/// Replays a trace with eyes on its future. Of a sample goes what is never asked for again, else what saves least a byte and
/// a request until it is asked for. Not the optimum, which nobody can compute at this size, but out of every policy's reach.
/// </summary>
internal sealed class ClairvoyantReplay
{
    private const int SampleSize = 64;
    private const int Never = int.MaxValue;

    private readonly Trace _trace;
    private readonly Random _random = new(1);

    // Of every request, the next one for the same item; of every item, that of its latest request.
    private readonly int[] _nextOf;
    private readonly int[] _next;

    // What is present, and where each item stands in it; −1 when it is not.
    private readonly List<int> _present = [];
    private readonly int[] _place;

    private ClairvoyantReplay(Trace trace)
    {
        _trace = trace;
        _nextOf = new int[trace.Requests.Length];
        _next = new int[trace.Items];
        _place = new int[trace.Items];
        Array.Fill(_next, Never);
        Array.Fill(_place, -1);
        for (int i = _nextOf.Length - 1; i >= 0; i--)
        {
            _nextOf[i] = _next[trace.Requests[i]];
            _next[trace.Requests[i]] = i;
        }
    }

    /// <summary>Replays all of a trace within a budget of bytes.</summary>
    public static ReplayFigures Run(Trace trace, double budgetShare, long budget) =>
        new ClairvoyantReplay(trace).Replay(budgetShare, budget);

    private ReplayFigures Replay(double budgetShare, long budget)
    {
        var tally = new Tally(_trace);
        long used = 0;
        for (int now = 0; now < _trace.Requests.Length; now++)
        {
            int item = _trace.Requests[now];
            _next[item] = _nextOf[now];
            bool isHit = _place[item] >= 0;
            tally.Add(item, isHit);
            if (isHit)
            {
                continue;
            }

            _place[item] = _present.Count;
            _present.Add(item);
            used += _trace.BytesOf(item);
            while (used > budget)
            {
                int victim = Choose(now);
                used -= _trace.BytesOf(victim);
                Remove(victim);
            }
        }

        return tally.Figures("clairvoyant", budgetShare);
    }

    private int Choose(int now)
    {
        // What came last is in every sample: it may not be worth its place.
        int victim = _present[^1];
        double lowest = WorthOf(victim, now);
        for (int i = 0; i < SampleSize; i++)
        {
            int drawn = _present[_random.Next(_present.Count)];
            double worth = WorthOf(drawn, now);
            (victim, lowest) = worth < lowest ? (drawn, worth) : (victim, lowest);
        }

        return victim;
    }

    private double WorthOf(int item, int now) =>
        _next[item] == Never ? 0 : _trace.CostOf(item) / ((double)_trace.BytesOf(item) * (_next[item] - now));

    private void Remove(int item)
    {
        int place = _place[item];
        _present[place] = _present[^1];
        _place[_present[place]] = place;
        _present.RemoveAt(_present.Count - 1);
        _place[item] = -1;
    }
}
