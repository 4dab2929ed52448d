using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Tests.Evaluation.Statistics;

/// <summary>Lookups to compute with.</summary>
internal static class Lookups
{
    /// <summary>Lookups of which a tenth is never served; the higher a score, the likelier it is right.</summary>
    /// <param name="seed">Makes them repeatable.</param>
    /// <param name="count">How many.</param>
    /// <param name="levels">How many scores there are: few make ties.</param>
    public static Observation[] Random(int seed, int count, int levels)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var score = (double)random.Next(levels + 1) / levels;
            var right = i == 0 || random.NextDouble() < score;
            var served = i == 0 ? 1 : random.Next(10) == 0 ? double.NaN : score;
            return new Observation(served, right, right || random.Next(3) == 0);
        })];
    }
}
