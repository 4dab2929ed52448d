using System.Diagnostics;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Tests.Loops;

/// <summary>What is counted, and from when on.</summary>
public sealed class TallyTests
{
    [Fact]
    public void Add_CallSentLate_CountsItsLatencyFromWhenItWasDue()
    {
        var tally = new Tally();

        tally.Add(default, new CallTimes(Milliseconds(1000), Milliseconds(1300), Milliseconds(1320)));

        AssertMilliseconds(320, tally.Answered.ToQuantiles().P50);
        AssertMilliseconds(20, tally.Service.ToQuantiles().P50);
    }

    [Fact]
    public void Add_FailedCall_IsNoAnswerAndHasNoLatency()
    {
        var tally = new Tally();

        tally.Add(CallOutcome.Failed("ResourceExhausted", "later"), new CallTimes(1, 1, 2));
        tally.Add(CallOutcome.Failed("ResourceExhausted", "later"), new CallTimes(1, 1, 2));
        tally.Add(CallOutcome.Failed("Unavailable", "gone"), new CallTimes(1, 1, 2));

        Assert.Equal(0, tally.Answered.Count);
        Assert.Equal(0, tally.Wrong);
        Assert.Equal(3, tally.Failed);
        Assert.Equal(2, tally.Failures["ResourceExhausted"]);
    }

    [Fact]
    public void Add_WrongAnswer_IsAnAnswerAndWrong()
    {
        var tally = new Tally();

        tally.Add(CallOutcome.Answered("another's"), new CallTimes(0, 0, 10));

        Assert.Equal((1, 1, 0), (tally.Answered.Count, tally.Wrong, tally.Failed));
    }

    [Fact]
    public void Merge_SeveralTallies_IsTheirSum()
    {
        var one = new Tally();
        var other = new Tally();
        one.Add(default, new CallTimes(0, 0, Milliseconds(10)));
        other.Add(CallOutcome.Answered("wrong"), new CallTimes(0, 0, Milliseconds(30)));
        other.Add(CallOutcome.Failed("Unavailable", ""), new CallTimes(0, 0, Milliseconds(40)));

        var all = Tally.Merge([one, other]);

        Assert.Equal((2, 1, 1), (all.Answered.Count, all.Wrong, all.Failed));
        Assert.Equal(Milliseconds(30), all.LastAnswer);
        AssertMilliseconds(30, all.Answered.ToQuantiles().Max);
    }

    [Fact]
    public void Of_AnswersAfterTheEnd_StretchTheTimeTheyAreDividedBy()
    {
        var tally = new Tally();
        for (int i = 0; i < 100; i++)
        {
            tally.Add(default, new CallTimes(0, 0, Milliseconds(2000)));
        }

        Assert.Equal(50, CallFigures.Of("slow", tally, 0, Milliseconds(1000)).CallsPerSecond, tolerance: 0.01);
        Assert.Equal(25, CallFigures.Of("idle", tally, 0, Milliseconds(4000)).CallsPerSecond, tolerance: 0.01);
    }

    private static long Milliseconds(int milliseconds) => milliseconds * Stopwatch.Frequency / 1000;

    // Three digits are kept.
    private static void AssertMilliseconds(double expected, double microseconds) =>
        Assert.Equal(expected, microseconds / 1000, tolerance: expected / 500);
}
