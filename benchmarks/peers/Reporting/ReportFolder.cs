using System.Text;
using System.Text.Json;

namespace SemCache.Peers.Reporting;

/// <summary>Writes a report: <c>peers.md</c>, <c>peers.json</c>, and every chart as PNG and SVG.</summary>
internal static class ReportFolder
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes the files.</summary>
    public static void Write(PeersReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "peers.json"), JsonSerializer.Serialize(report, _json) + "\n");
        var text = new StringBuilder();
        MarkdownReport.Write(report, text);
        string page = Path.Combine(folder, "peers.md");
        File.WriteAllText(page, text.ToString());
        foreach ((string name, ScottPlot.Plot plot) in report.Sets.SelectMany(Charts.Of))
        {
            using (plot)
            {
                string file = Path.Combine(folder, name);
                plot.SavePng(file + ".png", Charts.Width, Charts.Height);
                File.WriteAllText(file + ".svg", plot.GetSvgXml(Charts.Width, Charts.Height));
            }
        }

        Console.WriteLine(page);
    }
}
