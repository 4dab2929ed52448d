namespace SemCache.StorageBench.Figures;

/// <summary>How a figure changed over time, by least squares.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="PerMinute">Its growth a minute.</param>
/// <param name="Max">The largest.</param>
internal sealed record Trend(double Mean, double PerMinute, double Max)
{
    /// <summary>Growth a minute as a share of the mean.</summary>
    public double SharePerMinute => Mean == 0 ? 0 : PerMinute / Mean;

    public static Trend Of(IReadOnlyList<(double Seconds, double Value)> points)
    {
        if (points.Count == 0)
        {
            return new Trend(0, 0, 0);
        }

        double meanTime = points.Average(point => point.Seconds);
        double mean = points.Average(point => point.Value);
        double spread = points.Sum(point => Math.Pow(point.Seconds - meanTime, 2));
        double slope = spread == 0
            ? 0
            : points.Sum(point => (point.Seconds - meanTime) * (point.Value - mean)) / spread;
        return new Trend(mean, slope * 60, points.Max(point => point.Value));
    }
}
