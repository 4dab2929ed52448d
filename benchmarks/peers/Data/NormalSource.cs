namespace SemCache.Peers.Data;

/// <summary>Normally distributed numbers, the same ones for the same seed (Box and Muller's transform).</summary>
internal sealed class NormalSource(int seed)
{
    private readonly Random _random = new(seed);
    private double _spare = double.NaN;

    /// <summary>A number from the distribution with mean 0 and variance 1.</summary>
    public double Next()
    {
        if (!double.IsNaN(_spare))
        {
            double spare = _spare;
            _spare = double.NaN;
            return spare;
        }

        // 1 − u is never 0.
        double radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * _random.NextDouble());
        _spare = radius * sine;
        return radius * cosine;
    }

    /// <summary>A number from 0 to 1, 1 excluded, all equally likely.</summary>
    public double NextUniform() => _random.NextDouble();

    /// <summary>A number from 0 to below <paramref name="limit"/>.</summary>
    public int NextInt(int limit) => _random.Next(limit);

    /// <summary>Fills a vector whose expected length is <paramref name="length"/>.</summary>
    public void Fill(Span<float> vector, double length)
    {
        double scale = length / Math.Sqrt(vector.Length);
        foreach (ref float component in vector)
        {
            component = (float)(scale * Next());
        }
    }
}
