using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Starts;

namespace SemCache.LoadTest.Tests.Starts;

public sealed class StartTimeTests
{
    [Fact]
    public void Of_Rounds_ComparesWithinEachRound()
    {
        var time = StartTime.Of("b", [1, 4, 3], [2, 4, 4]);

        Assert.Equal(new Spread(3, 1, 4), time.Seconds);
        Assert.Equal(new Spread(0.75, 0.5, 1), time.Ratio);
    }
}
