using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Tests.Evaluation.Statistics;

public class ReliabilityTests
{
    [Fact]
    public void Of_KnownPredictions_HasTheErrorWorkedOutByHand()
    {
        // Bin 0.2: predicted 0.25, observed 0.5. Bin 0.9: predicted 0.96, observed 1. (2 · 0.25 + 2 · 0.04) / 4.
        var reliability = Reliability.Of([(0.2, true), (0.3 - 1e-9, false), (0.92, true), (1, true)]);

        Assert.Equal(0.145, reliability.ExpectedError, 1e-6);
        Assert.Equal([2, 9], reliability.Bins.Index().Where(bin => bin.Item.Count > 0).Select(bin => bin.Index));
        Assert.Equal(4, reliability.Count);
    }

    [Fact]
    public void Of_CalibratedPredictions_HasHardlyAnyError()
    {
        var random = new Random(3);
        var predictions = Enumerable.Range(0, 50_000).Select(_ => random.NextDouble())
            .Select(probability => (probability, random.NextDouble() < probability));

        Assert.InRange(Reliability.Of(predictions).ExpectedError, 0, 0.01);
    }

    [Fact]
    public void Of_Nothing_HasNoError() => Assert.True(double.IsNaN(Reliability.Of([]).ExpectedError));
}
