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

    /// <summary>A figure of each measurement divided by the same of its counterpart: what was measured together is compared.</summary>
    public static Spread OfRatios<T>(IEnumerable<T> measured, IEnumerable<T> baseline, Func<T, double> figure) =>
        Of(measured.Zip(baseline, (one, other) => figure(one) / figure(other)));

    public string ToString(string format) => Min == Max || double.IsNaN(Median)
        ? Report.Number(Median, format)
        : $"{Report.Number(Median, format)} ({Report.Number(Min, format)}-{Report.Number(Max, format)})";
}
