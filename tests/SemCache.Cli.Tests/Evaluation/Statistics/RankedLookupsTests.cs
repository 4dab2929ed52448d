using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Tests.Evaluation.Statistics;

public class RankedLookupsTests
{
    private static readonly double[] _bounds = [0.005, 0.01, 0.02, 0.05, 0.3];

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(2, 40, 3)]
    [InlineData(3, 500, 20)]
    [InlineData(4, 500, 1000)]
    public void Figures_OfRandomLookups_EqualThoseCountedThresholdByThreshold(int seed, int count, int levels)
    {
        var lookups = Lookups.Random(seed, count, levels);
        const double point = 0.5;

        var figures = new RankedLookups(lookups).Figures(point, _bounds);

        var hits = lookups.Where(lookup => lookup.Score >= point).ToArray();
        var wrong = hits.Count(lookup => !lookup.Right);
        var possible = lookups.Count(lookup => lookup.Possible);
        Assert.Equal((double)hits.Length / count, figures.HitRate, 12);
        Assert.Equal((double)wrong / count, figures.ErrorRate, 12);
        Assert.Equal((double)(hits.Length - wrong) / hits.Length, figures.Precision, 12);
        Assert.Equal((double)(hits.Length - wrong) / possible, figures.Recall, 12);
        Assert.Equal(NaiveAveragePrecision(lookups), figures.AveragePrecision, 12);
        Assert.Equal(_bounds.Select(bound => NaiveBest(lookups, bound)), figures.Best.Select(best => best.HitRate));
    }

    [Fact]
    public void Figures_OfWeightedLookups_EqualThoseOfRepeatedLookups()
    {
        // In the order of their ranks, and with distinct scores, so that weights and ranks belong together.
        Observation[] ranked = [.. Lookups.Random(seed: 5, count: 60, levels: 1_000_000)
            .OrderByDescending(lookup => double.IsNaN(lookup.Score) ? double.NegativeInfinity : lookup.Score)];
        var random = new Random(6);
        int[] weights = [.. ranked.Select(_ => random.Next(4))];

        var weighted = new RankedLookups(ranked).Figures(weights, 0.4, _bounds);
        var repeated = new RankedLookups(ranked.SelectMany((lookup, i) => Enumerable.Repeat(lookup, weights[i])))
            .Figures(0.4, _bounds);

        Assert.Equal(repeated.HitRate, weighted.HitRate, 12);
        Assert.Equal(repeated.ErrorRate, weighted.ErrorRate, 12);
        Assert.Equal(repeated.AveragePrecision, weighted.AveragePrecision, 12);
        Assert.Equal(repeated.Best.Select(best => best.HitRate), weighted.Best.Select(best => best.HitRate));
    }

    [Fact]
    public void Best_WrongHitOnTop_ServesNothingWithinAStrictBound()
    {
        Observation[] lookups =
            [new(0.9, false, true), new(0.8, true, true), new(0.7, true, true), new(double.NaN, false, false)];

        var best = new RankedLookups(lookups).Figures(0, [0.2, 0.25]).Best;

        Assert.Equal(new BestHitRate(0.2, 0, null), best[0]);
        Assert.Equal(new BestHitRate(0.25, 0.75, 0.7), best[1]);
    }

    [Fact]
    public void Curve_EqualScores_AreOnePoint()
    {
        Observation[] lookups =
            [new(0.8, true, true), new(0.9, false, true), new(0.8, false, false), new(double.NaN, true, true)];

        Assert.Equal([new CurvePoint(0.9, 1, 1), new CurvePoint(0.8, 3, 2)], new RankedLookups(lookups).Curve());
    }

    [Fact]
    public void Figures_WithoutHits_HaveNoPrecision()
    {
        var figures = new RankedLookups([new(double.NaN, false, false)]).Figures(0, []);

        Assert.Equal(0, figures.HitRate);
        Assert.True(double.IsNaN(figures.Precision));
        Assert.True(double.IsNaN(figures.Recall));
        Assert.True(double.IsNaN(figures.AveragePrecision));
    }

    private static double NaiveBest(Observation[] lookups, double bound) => lookups
        .Select(lookup => lookup.Score).Where(double.IsFinite)
        .Where(threshold => lookups.Count(l => l.Score >= threshold && !l.Right) <= bound * lookups.Length)
        .Select(threshold => (double)lookups.Count(l => l.Score >= threshold) / lookups.Length)
        .DefaultIfEmpty(0).Max();

    // Each right lookup contributes the precision of the threshold that just serves it.
    private static double NaiveAveragePrecision(Observation[] lookups)
    {
        double Rank(Observation lookup) => double.IsNaN(lookup.Score) ? -2 : lookup.Score;
        return lookups.Where(lookup => lookup.Right).Sum(right =>
        {
            var served = lookups.Where(lookup => Rank(lookup) >= Rank(right)).ToArray();
            return (double)served.Count(lookup => lookup.Right) / served.Length;
        }) / lookups.Count(lookup => lookup.Possible);
    }
}
