namespace SemCache.LoadTest.Targets;

/// <summary>How often each of a number of things is asked for: by Zipf's law.</summary>
/// <remarks>The thing of rank r, counted from 1, is drawn in proportion to 1 / r^skew.</remarks>
internal sealed class Popularity
{
    private const int Seed = 7;

    private readonly double[] _cumulative;
    private readonly int[] _things;

    /// <param name="count">How many things there are, at least one.</param>
    /// <param name="skew">0: all are asked for equally often. 1: as words of a language are.</param>
    public Popularity(int count, double skew)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(skew);
        _cumulative = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Math.Pow(i + 1, -skew);
            _cumulative[i] = sum;
        }

        // Texts that stand together in a file are alike; the popular ones must not all be.
        _things = [.. Enumerable.Range(0, count)];
        new Random(Seed).Shuffle(_things);
    }

    /// <summary>Draws the number of a thing, from 0.</summary>
    public int Next(Random random) => _things[RankOf(random.NextDouble())];

    /// <summary>The thing at a rank, 0 for the most popular one.</summary>
    public int At(int rank) => _things[rank];

    /// <summary>The rank, from 0, that a number from 0 to below 1 stands for.</summary>
    public int RankOf(double share)
    {
        int found = Array.BinarySearch(_cumulative, share * _cumulative[^1]);
        // A hit is the upper end of its rank's interval, which belongs to the next rank.
        return Math.Min(found < 0 ? ~found : found + 1, _cumulative.Length - 1);
    }
}
