using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Tests.Evaluation.Statistics;

public class ErrorOverTimeTests
{
    [Fact]
    public void Of_Lookups_CountsThoseAtTheBarSoFar()
    {
        Observation[] lookups =
            [new(0.9, false, true), new(0.5, false, true), new(0.9, true, true), new(double.NaN, false, false)];

        Assert.Equal(
            [new ErrorSoFar(1, 1, 1), new(2, 0.5, 0.5), new(3, 1.0 / 3, 2.0 / 3), new(4, 0.25, 0.5)],
            ErrorOverTime.Of(lookups, point: 0.8, points: 10));
    }

    [Fact]
    public void Of_ManyLookups_KeepsFewPointsAndTheLast()
    {
        var course = ErrorOverTime.Of(Lookups.Random(1, 1003, 10), point: 0.5, points: 10);

        Assert.InRange(course.Count, 10, 12);
        Assert.Equal(1003, course[^1].Lookups);
    }
}
