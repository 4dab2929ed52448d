using System.Globalization;
using ScottPlot;
using SemCache.Peers.Data;
using SemCache.Peers.Measuring;
using SemCache.Peers.Peers;

namespace SemCache.Peers.Reporting;

/// <summary>Draws recall against queries a second: a colour for each peer, paler after churn.</summary>
internal static class Charts
{
    public const int Width = 800;
    public const int Height = 500;

    // Nobody runs a cache below this recall.
    private const double LeastRecall = 0.8;

    private static readonly string[] _fonts = ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans"];

    private static readonly Lazy<string> _font = new(() => _fonts.FirstOrDefault(name =>
        Fonts.GetTypeface(name, bold: false, italic: false)?.FamilyName == name) ?? Fonts.Default);

    /// <summary>The charts of a data set with the names of their files.</summary>
    public static IEnumerable<(string Name, Plot Plot)> Of(DataSetFigures set) =>
        RunPlan.Ks.Select(k => (FileName(set, k), Of(set, k)));

    /// <summary>What a chart's files are called, without an ending.</summary>
    public static string FileName(DataSetFigures set, int k) => $"{set.Name}-recall{k}";

    private static Plot Of(DataSetFigures set, int k)
    {
        var plot = new Plot();
        plot.Title($"{set.Name}: recall@{k} against queries a second", 16);
        plot.XLabel($"recall@{k}", 13);
        plot.YLabel("queries a second, one core", 13);
        plot.Font.Set(_font.Value);
        plot.Legend.FontSize = 12;
        foreach (PeerFigures peer in set.Peers)
        {
            Add(plot, k, peer, peer.Fresh, "", opacity: 1);
            Add(plot, k, peer, peer.Churned, " after churn", opacity: 0.4);
        }

        plot.Axes.AutoScale();
        AxisLimits limits = plot.Axes.GetLimits();
        plot.Axes.SetLimits(limits.Left, limits.Right, Math.Floor(limits.Bottom), Math.Ceiling(limits.Top));
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            IntegerTicksOnly = true,
            MinorTickGenerator = new ScottPlot.TickGenerators.LogMinorTickGenerator(),
            LabelFormatter = power => Math.Pow(10, power).ToString("N0", CultureInfo.InvariantCulture),
        };
        plot.ShowLegend(Edge.Right);
        return plot;
    }

    private static void Add(
        Plot plot, int k, PeerFigures peer, StateFigures? state, string suffix, double opacity)
    {
        SweepPoint[] points = state is null ? []
            : [.. state.Points.Where(point => point.K == k && point.OneCore.Median > 0 && point.Recall >= LeastRecall)];
        if (points.Length == 0)
        {
            return;
        }

        var line = plot.Add.Scatter(
            points.Select(point => point.Recall).ToArray(),
            points.Select(point => Math.Log10(point.OneCore.Median!.Value)).ToArray(),
            Color.FromHex(Colour(peer.Name)).WithAlpha(opacity));
        line.LineWidth = 2;
        line.MarkerSize = 7;
        line.LegendText = string.Create(CultureInfo.InvariantCulture, $"{peer.Name}, {state!.Entries:N0}{suffix}");
    }

    private static string Colour(string peer) => peer switch
    {
        PeerNames.Ours => "#d62728",
        PeerNames.Hnswlib => "#1f77b4",
        PeerNames.Flat => "#7f7f7f",
        _ => "#2ca02c",
    };
}
