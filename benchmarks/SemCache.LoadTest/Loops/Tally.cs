using System.Collections.Concurrent;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Loops;

/// <summary>What became of the calls to one target; many callers add to it at once.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private int _wrong;
    private long _lastAnswer;

    /// <summary>Latencies of the calls that were answered. Failed ones are left out: a refusal is quick.</summary>
    public Latencies Answered { get; } = new();

    /// <summary>The same without what they were sent too late.</summary>
    public Latencies Service { get; } = new();

    /// <summary>Answers that should have been others.</summary>
    public int Wrong => _wrong;

    /// <summary>Calls that failed, by status.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>Calls that failed.</summary>
    public int Failed => _failures.Values.Sum();

    /// <summary>When the last answer came; 0 before the first.</summary>
    public long LastAnswer => Volatile.Read(ref _lastAnswer);

    public void Add(CallOutcome outcome, CallTimes times)
    {
        if (outcome.Status is { } status)
        {
            _failures.AddOrUpdate(status, 1, static (_, count) => count + 1);
            return;
        }

        if (outcome.IsWrong)
        {
            Interlocked.Increment(ref _wrong);
        }

        Answered.Record(times.Latency);
        Service.Record(times.Service);
        RaiseLastAnswer(times.Ended);
    }

    /// <summary>All of them as one.</summary>
    public static Tally Merge(IEnumerable<Tally> tallies)
    {
        var all = new Tally();
        foreach (Tally tally in tallies)
        {
            all._wrong += tally._wrong;
            all.Answered.Add(tally.Answered);
            all.Service.Add(tally.Service);
            all.RaiseLastAnswer(tally.LastAnswer);
            foreach ((string status, int count) in tally._failures)
            {
                all._failures.AddOrUpdate(status, count, (_, before) => before + count);
            }
        }

        return all;
    }

    private void RaiseLastAnswer(long ended)
    {
        long before = LastAnswer;
        while (ended > before)
        {
            long seen = Interlocked.CompareExchange(ref _lastAnswer, ended, before);
            if (seen == before)
            {
                return;
            }

            before = seen;
        }
    }
}
