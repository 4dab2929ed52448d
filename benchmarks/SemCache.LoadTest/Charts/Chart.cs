using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace SemCache.LoadTest.Charts;

/// <summary>A chart of lines; values are drawn on a logarithmic scale where that is asked for.</summary>
internal sealed class Chart : IDisposable
{
    private const int Width = 800;
    private const int Height = 450;

    // SVG files cannot have dashed lines here.
    private const double PaleAlpha = 0.4;

    private static readonly string[] _fonts = ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans"];

    private static readonly Lazy<string> _font = new(() => _fonts.FirstOrDefault(name =>
        Fonts.GetTypeface(name, bold: false, italic: false)?.FamilyName == name) ?? Fonts.Default);

    private readonly Plot _plot = new();
    private readonly bool _isLogX;
    private readonly bool _isLogY;

    public Chart(string title, string x, string y, bool isLogX = false, bool isLogY = false)
    {
        _isLogX = isLogX;
        _isLogY = isLogY;
        _plot.Title(title, 16);
        _plot.XLabel(x, 13);
        _plot.YLabel(y, 13);
        _plot.Font.Set(_font.Value);
        _plot.Legend.FontSize = 12;
    }

    /// <summary>Adds a line. Points that a logarithmic scale does not have are left out.</summary>
    public void Add(string name, Color colour, IEnumerable<(double X, double Y)> points, bool isPale = false)
    {
        (double X, double Y)[] drawn =
            [.. points.Where(point => (!_isLogX || point.X > 0) && (!_isLogY || point.Y > 0))];
        var line = _plot.Add.Scatter(
            drawn.Select(point => _isLogX ? Math.Log10(point.X) : point.X).ToArray(),
            drawn.Select(point => _isLogY ? Math.Log10(point.Y) : point.Y).ToArray(),
            isPale ? colour.WithAlpha(PaleAlpha) : colour);
        line.LineWidth = 2;
        line.MarkerSize = 6;
        line.LegendText = name;
    }

    /// <summary>Writes the chart as SVG.</summary>
    public void Save(DirectoryInfo folder, string name)
    {
        _plot.Axes.AutoScale();
        AxisLimits limits = _plot.Axes.GetLimits();
        if (_isLogY)
        {
            _plot.Axes.SetLimitsY(Math.Floor(limits.Bottom), Math.Ceiling(limits.Top));
            _plot.Axes.Left.TickGenerator = Logarithmic();
        }
        else
        {
            _plot.Axes.SetLimitsY(0, limits.Top);
        }

        if (_isLogX)
        {
            _plot.Axes.Bottom.TickGenerator = Logarithmic();
        }

        _plot.ShowLegend(Edge.Right);
        folder.Create();
        File.WriteAllText(Path.Combine(folder.FullName, name + ".svg"), _plot.GetSvgXml(Width, Height));
    }

    public void Dispose() => _plot.Dispose();

    private static NumericAutomatic Logarithmic() => new()
    {
        IntegerTicksOnly = true,
        MinorTickGenerator = new LogMinorTickGenerator(),
        LabelFormatter = power => Math.Pow(10, power).ToString("#,0.###", CultureInfo.InvariantCulture),
    };
}
