using ScottPlot;

namespace SemCache.StorageBench.Soak;

/// <summary>Draws memory, disk and latencies over the time of a soak.</summary>
internal static class SoakCharts
{
    private const int Width = 900;
    private const int Height = 420;
    private const double Megabyte = 1 << 20;

    private static readonly string[] _fonts = ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans"];

    private static readonly Lazy<string> _font = new(() => _fonts.FirstOrDefault(name =>
        Fonts.GetTypeface(name, bold: false, italic: false)?.FamilyName == name) ?? Fonts.Default);

    /// <summary>Writes the charts as PNG and SVG.</summary>
    public static void Write(SoakFigures figures, string folder)
    {
        IReadOnlyList<SecondSample> samples = figures.Soak.Samples;
        using Plot memory = New("Memory", "MiB");
        Add(memory, samples, "resident", "#d62728", second => second.ResidentBytes / Megabyte);
        Add(memory, samples, "accounted", "#1f77b4", second => second.AccountedBytes / Megabyte);
        AddLimit(memory, "budget", figures.Plan.MemoryBudget / Megabyte);
        Save(memory, folder, "soak-memory");

        using Plot disk = New("Disk", "MiB");
        Add(disk, samples, "folder", "#d62728", second => second.FolderBytes / Megabyte);
        Add(disk, samples, "log", "#2ca02c", second => second.LogBytes / Megabyte);
        Add(disk, samples, "live", "#1f77b4", second => second.LiveBytes / Megabyte);
        AddLimit(disk, "budget", figures.Plan.DiskBudget / Megabyte);
        Save(disk, folder, "soak-disk");

        using Plot latency = New("Exact hits, second by second", "ms");
        Add(latency, samples, "p99", "#d62728", second => second.ExactHits.P99);
        Add(latency, samples, "p50", "#1f77b4", second => second.ExactHits.P50);
        AddLimit(latency, "p99 without budgets", figures.ControlExactHits.P99);
        Save(latency, folder, "soak-latency");
    }

    private static Plot New(string title, string unit)
    {
        var plot = new Plot();
        plot.Title(title, 16);
        plot.XLabel("seconds", 13);
        plot.YLabel(unit, 13);
        plot.Font.Set(_font.Value);
        plot.Legend.FontSize = 12;
        return plot;
    }

    private static void Add(
        Plot plot, IReadOnlyList<SecondSample> samples, string name, string colour, Func<SecondSample, double> value)
    {
        var line = plot.Add.ScatterLine(
            samples.Select(second => second.Second).ToArray(), samples.Select(value).ToArray(), Color.FromHex(colour));
        line.LineWidth = 1.5f;
        line.LegendText = name;
    }

    private static void AddLimit(Plot plot, string name, double value)
    {
        var line = plot.Add.HorizontalLine(value, 1.5f, Color.FromHex("#7f7f7f"), LinePattern.Dashed);
        line.LegendText = name;
    }

    private static void Save(Plot plot, string folder, string name)
    {
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
        plot.ShowLegend(Edge.Right);
        string file = Path.Combine(folder, name);
        plot.SavePng(file + ".png", Width, Height);
        File.WriteAllText(file + ".svg", plot.GetSvgXml(Width, Height));
    }
}
