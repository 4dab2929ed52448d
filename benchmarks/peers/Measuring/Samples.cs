namespace SemCache.Peers.Measuring;

/// <summary>One figure, measured once in each of several rounds.</summary>
internal sealed class Samples
{
    private readonly List<double> _rounds = [];

    /// <summary>What each round gave.</summary>
    public IReadOnlyList<double> Rounds => _rounds;

    /// <summary>The middle one; null when there is none.</summary>
    public double? Median => MedianOf(_rounds);

    /// <summary>Adds what the next round gave.</summary>
    public void Add(double value) => _rounds.Add(value);

    /// <summary>The median over the rounds of this figure divided by another that was measured in the same round.</summary>
    public double? RatioTo(Samples other) => MedianOf([.. _rounds.Zip(other._rounds, (mine, its) => mine / its)]);

    private static double? MedianOf(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        int half = sorted.Length / 2;
        return sorted.Length switch
        {
            0 => null,
            _ when sorted.Length % 2 == 1 => sorted[half],
            _ => (sorted[half - 1] + sorted[half]) / 2,
        };
    }
}
