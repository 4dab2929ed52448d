using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Tests.Evaluation.Statistics;

public class BinomialBoundTests
{
    // From tables of the exact interval: the two-sided 95 % limits are one-sided ones of 97.5 %.
    [Theory]
    [InlineData(0, 10, 0.975, 0.30850)]
    [InlineData(1, 10, 0.975, 0.44502)]
    [InlineData(5, 10, 0.975, 0.81291)]
    [InlineData(10, 100, 0.975, 0.17622)]
    [InlineData(0, 299, 0.95, 0.00997)]
    [InlineData(10, 10, 0.975, 1)]
    [InlineData(0, 0, 0.95, 1)]
    public void Upper_KnownCases_AreAsTabulated(int observed, int trials, double confidence, double bound) =>
        Assert.Equal(bound, BinomialBound.Upper(observed, trials, confidence), 0.00001);

    [Theory]
    [InlineData(1, 10, 0.00253)]
    [InlineData(5, 10, 0.18709)]
    [InlineData(0, 10, 0)]
    public void Lower_KnownCases_AreAsTabulated(int observed, int trials, double bound) =>
        Assert.Equal(bound, BinomialBound.Lower(observed, trials, 0.975), 0.00001);

    // Its definition: at the bound, seeing so few has just the probability that is left.
    [Theory]
    [InlineData(3, 1000, 0.95)]
    [InlineData(44, 5691, 0.95)]
    [InlineData(700, 5691, 0.99)]
    public void Upper_Rate_LeavesTheProbabilityOfWhatWasSeen(int observed, int trials, double confidence)
    {
        var rate = BinomialBound.Upper(observed, trials, confidence);

        Assert.Equal(1 - confidence, BinomialCdf(observed, trials, rate), 1e-6);
    }

    [Theory]
    [InlineData(0.01, 0.95, 299)]
    [InlineData(0.002, 0.95, 1497)]
    [InlineData(0.01, 0.99, 459)]
    public void TrialsNeeded_IsTheFewestThatProveTheRate(double rate, double confidence, int needed)
    {
        Assert.Equal(needed, BinomialBound.TrialsNeeded(rate, confidence));
        Assert.True(BinomialBound.Upper(0, needed, confidence) <= rate);
        Assert.True(BinomialBound.Upper(0, needed - 1, confidence) > rate);
    }

    private static double BinomialCdf(int observed, int trials, double rate)
    {
        var (term, sum) = (trials * Math.Log(1 - rate), 0.0);
        for (var i = 0; i <= observed; i++)
        {
            sum += Math.Exp(term);
            term += Math.Log((double)(trials - i) / (i + 1)) + Math.Log(rate / (1 - rate));
        }

        return sum;
    }
}
