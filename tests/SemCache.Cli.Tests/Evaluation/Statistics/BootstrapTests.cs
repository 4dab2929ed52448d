using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Tests.Evaluation.Statistics;

public class BootstrapTests
{
    private static readonly double[] _bounds = [0.01, 0.05];

    [Fact]
    public void Run_SameSeed_GivesTheSameIntervals()
    {
        var lookups = new RankedLookups(Lookups.Random(1, 300, 50));

        var first = Bootstrap.Run(lookups, 0.6, _bounds, resamples: 100, seed: 7);
        var second = Bootstrap.Run(lookups, 0.6, _bounds, resamples: 100, seed: 7);
        var other = Bootstrap.Run(lookups, 0.6, _bounds, resamples: 100, seed: 8);

        Assert.Equal(first with { Best = [] }, second with { Best = [] });
        Assert.Equal(first.Best, second.Best);
        Assert.NotEqual(first.HitRate, other.HitRate);
    }

    [Fact]
    public void Run_HitRate_HasTheIntervalOfABinomial()
    {
        // 400 hits of 1,000: the normal approximation is 0.4 ± 1.96 · sqrt(0.24 / 1,000).
        var lookups = new RankedLookups(
            Enumerable.Range(0, 1000).Select(i => new Observation(i < 400 ? 1 : double.NaN, true, true)));

        var (value, low, high) = Bootstrap.Run(lookups, 0.5, _bounds, resamples: 2000, seed: 1).HitRate;

        Assert.Equal(0.4, value);
        Assert.Equal(0.4 - 0.03036, low!.Value, 0.004);
        Assert.Equal(0.4 + 0.03036, high!.Value, 0.004);
    }

    [Fact]
    public void Run_WithoutResamples_HasNoIntervals()
    {
        var figures = Bootstrap.Run(new RankedLookups(Lookups.Random(1, 30, 5)), 0.6, _bounds, resamples: 0, seed: 1);

        Assert.Null(figures.HitRate.Low);
        Assert.Null(figures.Best[0].HitRate.High);
    }
}
