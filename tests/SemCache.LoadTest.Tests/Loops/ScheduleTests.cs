using System.Diagnostics;
using SemCache.LoadTest.Loops;

namespace SemCache.LoadTest.Tests.Loops;

/// <summary>When calls of an open loop are due.</summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(333)]
    [InlineData(77_777)]
    public void DueAt_AnyRate_AddsUpNoError(int rate)
    {
        var schedule = new Schedule(Begin: 1000, rate);

        Assert.Equal(1000, schedule.DueAt(0));
        // An hour of calls takes an hour, to the tick.
        Assert.InRange(schedule.DueAt(rate * 3600L) - 1000, (3600 * Stopwatch.Frequency) - 1, (3600 * Stopwatch.Frequency) + 1);
    }

    [Theory]
    [InlineData(100, 2, 200)]
    [InlineData(0.5, 5, 3)]
    public void CountIn_ATime_IsWhatIsDueBeforeItsEnd(double rate, int seconds, int calls)
    {
        var schedule = new Schedule(Begin: 0, rate);

        Assert.Equal(calls, schedule.CountIn(TimeSpan.FromSeconds(seconds)));
        Assert.True(schedule.DueAt(calls - 1) < seconds * Stopwatch.Frequency);
        Assert.True(schedule.DueAt(calls) >= seconds * Stopwatch.Frequency);
    }
}
