using System.Diagnostics;
using SemCache.Core.Matching.Guards;

namespace SemCache.Cli.Guards;

/// <summary>Runs guards over pairs and counts what they make of them. Of one thread.</summary>
internal sealed class GuardTally(IReadOnlyList<IGuard> guards)
{
    private readonly long[,,] _verdicts = new long[guards.Count, 2, 3];
    private readonly long[] _ticks = new long[guards.Count];
    private readonly long[] _pairs = new long[2];
    private readonly long[] _stopped = new long[2];
    private long _unlabelled;

    /// <summary>
    /// Runs every guard on a pair, also behind one that stops it, and returns the verdicts in their order.
    /// </summary>
    public void Add(PromptPair pair, Span<GuardVerdict> verdicts)
    {
        var asked = new PromptReading(pair.A);
        var stored = new PromptReading(pair.B);
        long before = Stopwatch.GetTimestamp();
        bool stopped = false;
        for (int i = 0; i < guards.Count; i++)
        {
            verdicts[i] = guards[i].Compare(asked, stored).Verdict;
            stopped |= verdicts[i] == GuardVerdict.Stop;
            long after = Stopwatch.GetTimestamp();
            _ticks[i] += after - before;
            before = after;
        }

        if (pair.SameAnswer is not { } sameAnswer)
        {
            _unlabelled++;
            return;
        }

        int label = sameAnswer ? 1 : 0;

        _pairs[label]++;
        _stopped[label] += stopped ? 1 : 0;
        for (int i = 0; i < guards.Count; i++)
        {
            _verdicts[i, label, (int)verdicts[i]]++;
        }
    }

    public GuardReport Report()
    {
        long all = _pairs[0] + _pairs[1] + _unlabelled;
        double nanoseconds = 1e9 / Stopwatch.Frequency / Math.Max(1, all);
        var rows = guards.Select((guard, i) => new GuardFigures(
            guard.Name,
            new(_verdicts[i, 1, (int)GuardVerdict.Stop], _verdicts[i, 0, (int)GuardVerdict.Stop]),
            new(_verdicts[i, 1, (int)GuardVerdict.Suspect], _verdicts[i, 0, (int)GuardVerdict.Suspect]),
            Math.Round(_ticks[i] * nanoseconds)));
        return new GuardReport(
            all, new(_pairs[1], _pairs[0]), new(_stopped[1], _stopped[0]),
            Math.Round(_ticks.Sum() * nanoseconds), [.. rows]);
    }
}

/// <summary>A count among the pairs that one answer serves, and among the others.</summary>
internal sealed record ByLabel(long Same, long Different)
{
    /// <summary>The share of different pairs; null of nothing.</summary>
    public double? Precision => Same + Different == 0 ? null : (double)Different / (Same + Different);
}

/// <summary>What one guard made of the pairs.</summary>
/// <param name="Nanoseconds">A pair, with the reading that no guard before it had needed.</param>
internal sealed record GuardFigures(string Name, ByLabel Stops, ByLabel Suspects, double Nanoseconds);

/// <summary>What all guards made of the pairs.</summary>
/// <param name="Pairs">All, with those that have no label.</param>
/// <param name="Labelled">Those with a label.</param>
/// <param name="Stopped">Those that at least one guard stops.</param>
/// <param name="Nanoseconds">A pair, all guards, reading included.</param>
internal sealed record GuardReport(
    long Pairs, ByLabel Labelled, ByLabel Stopped, double Nanoseconds, IReadOnlyList<GuardFigures> Guards);
