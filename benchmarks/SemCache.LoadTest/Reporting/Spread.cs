namespace SemCache.LoadTest.Reporting;

/// <summary>The median of several measurements and how far they lie apart.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    public string ToString(string format) => Min == Max
        ? Report.Number(Median, format)
        : $"{Report.Number(Median, format)} ({Report.Number(Min, format)}-{Report.Number(Max, format)})";
}
