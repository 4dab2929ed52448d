using System.Globalization;
using ScottPlot;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>A chart with the name of its files.</summary>
internal sealed record Chart(string Name, Plot Plot);

/// <summary>Draws the curves of a data set: a colour for each policy, a line pattern for each model.</summary>
internal static class Charts
{
    public const int Width = 720;
    public const int Height = 460;

    /// <summary>Nobody runs a cache beyond this error rate.</summary>
    private const double WidestError = 0.10;

    private static readonly string[] _colours = ["#7f7f7f", "#1f77b4", "#2ca02c", "#9467bd", "#d62728", "#ff7f0e"];
    private static readonly LinePattern[] _patterns = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted];
    private static readonly string[] _fonts = ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans"];

    private static readonly Lazy<string> _font = new(() => _fonts.FirstOrDefault(name =>
        Fonts.GetTypeface(name, bold: false, italic: false)?.FamilyName == name) ?? Fonts.Default);

    /// <summary>All charts of a data set.</summary>
    /// <param name="models">Its reports, one a model.</param>
    public static IEnumerable<Chart> Of(IReadOnlyList<SetReport> models)
    {
        yield return HitRateAgainstError(models);
        yield return PrecisionAgainstRecall(models);
        if (models.Any(set => set.Policies.Any(policy => policy.OverTime.Count > 0)))
        {
            yield return ErrorOverLookups(models);
        }

        if (models.Any(set => set.Policies.Any(policy => policy.Reliability is not null)))
        {
            yield return ReliabilityDiagram(models);
        }
    }

    private static Chart HitRateAgainstError(IReadOnlyList<SetReport> models)
    {
        var plot = Plot("Hit rate against error rate", "error rate: wrong hits / lookups", "hit rate: hits / lookups");
        foreach (var (set, policy, style) in Series(models))
        {
            var shown = policy.Curve.TakeWhile(point => point.Wrong <= WidestError * set.Lookups).ToArray();
            double Share(int count) => (double)count / set.Lookups;
            Line(
                plot, style,
                [0, .. shown.Select(point => Share(point.Wrong))],
                [0, .. shown.Select(point => Share(point.Hits))]);
            if (policy.Figures is { ErrorRate.Value: <= WidestError and var error, HitRate.Value: var hitRate })
            {
                var marker = plot.Add.Marker(error, hitRate, MarkerShape.FilledCircle, 9, Color.FromHex(style.Colour));
                marker.LegendText = "";
            }
        }

        FromZero(plot);
        plot.Axes.SetLimitsX(0, plot.Axes.GetLimits().Right);
        PercentTicks(plot.Axes.Bottom);
        PercentTicks(plot.Axes.Left);
        plot.ShowLegend(Edge.Right);
        return new Chart("hit-rate", plot);
    }

    private static Chart PrecisionAgainstRecall(IReadOnlyList<SetReport> models)
    {
        var plot = Plot(
            "Precision against recall", "recall: right hits / possible hits", "precision: right hits / hits");
        foreach (var (_, policy, style) in Series(models))
        {
            Line(
                plot, style,
                [.. policy.Curve.Select(point => (double)(point.Hits - point.Wrong) / Math.Max(policy.Possible, 1))],
                [.. policy.Curve.Select(point => (double)(point.Hits - point.Wrong) / point.Hits)]);
        }

        plot.Axes.SetLimits(0, 1, 0, 1.02);
        plot.ShowLegend(Edge.Right);
        return new Chart("precision-recall", plot);
    }

    private static Chart ErrorOverLookups(IReadOnlyList<SetReport> models)
    {
        var plot = Plot("Error rate while the cache fills", "lookups so far", "error rate so far, at the own setting");
        foreach (var (_, policy, style) in Series(models))
        {
            Line(
                plot, style,
                [.. policy.OverTime.Select(point => (double)point.Lookups)],
                [.. policy.OverTime.Select(point => point.ErrorRate)]);
        }

        FromZero(plot);
        PercentTicks(plot.Axes.Left);
        plot.ShowLegend(Edge.Right);
        return new Chart("error-over-time", plot);
    }

    private static Chart ReliabilityDiagram(IReadOnlyList<SetReport> models)
    {
        var plot = Plot(
            "Calibration of the verifier", "predicted probability", "observed share that one answer serves");
        var ideal = plot.Add.Line(0, 0, 1, 1);
        ideal.LineColor = Colors.LightGray;
        ideal.LegendText = "ideal";
        foreach (var (_, policy, style) in Series(models).Where(series => series.Policy.Reliability is not null))
        {
            var bins = policy.Reliability!.Bins.Where(bin => bin.Count > 0).ToArray();
            var line = Line(plot, style, [.. bins.Select(bin => bin.Predicted)], [.. bins.Select(bin => bin.Observed)]);
            line.MarkerSize = 7;
            line.LegendText += $" (expected error {Cells.Number(policy.Reliability.ExpectedError)})";
        }

        plot.Axes.SetLimits(0, 1, 0, 1.02);
        plot.ShowLegend(Edge.Right);
        return new Chart("reliability", plot);
    }

    private static void FromZero(Plot plot)
    {
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
    }

    private static void PercentTicks(IAxis axis) => axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
    {
        LabelFormatter = share => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %"),
    };

    private static IEnumerable<(SetReport Set, PolicyReport Policy, Style Style)> Series(
        IReadOnlyList<SetReport> models)
    {
        var titles = models.SelectMany(set => set.Policies).Select(policy => policy.Title).Distinct().ToList();
        return models.SelectMany((set, m) => set.Policies.Select(policy => (set, policy, new Style(
            models.Count > 1 ? $"{policy.Title}, {set.Model}" : policy.Title,
            _colours[titles.IndexOf(policy.Title) % _colours.Length],
            _patterns[m % _patterns.Length]))));
    }

    private static ScottPlot.Plottables.Scatter Line(Plot plot, Style style, double[] x, double[] y)
    {
        var line = plot.Add.ScatterLine(x, y, Color.FromHex(style.Colour));
        line.LineWidth = 2;
        line.LinePattern = style.Pattern;
        line.LegendText = style.Title;
        return line;
    }

    private static Plot Plot(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Title(title, 16);
        plot.XLabel(x, 13);
        plot.YLabel(y, 13);
        plot.Font.Set(_font.Value);
        plot.Legend.FontSize = 12;
        return plot;
    }

    private sealed record Style(string Title, string Colour, LinePattern Pattern);
}
