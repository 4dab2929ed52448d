using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Tests.Reporting;

/// <summary>Medians and ratios.</summary>
public sealed class SpreadTests
{
    [Fact]
    public void Of_OddNumber_TakesTheMiddleOne() =>
        Assert.Equal(new Spread(3, 1, 9), Spread.Of([9.0, 1, 3, 2, 4]));

    [Fact]
    public void Of_EvenNumber_TakesTheMeanOfTheMiddleTwo() =>
        Assert.Equal(new Spread(2.5, 1, 9), Spread.Of([9.0, 1, 3, 2]));

    [Fact]
    public void OfRatios_Rounds_AreComparedPairwise()
    {
        // The machine was three times as slow in the second round: both sides met it, the ratio is the same.
        double[] measured = [80, 25, 90];
        double[] baseline = [100, 31.25, 100];

        Assert.Equal(new Spread(0.8, 0.8, 0.9), Spread.OfRatios(measured, baseline, value => value));
    }
}
