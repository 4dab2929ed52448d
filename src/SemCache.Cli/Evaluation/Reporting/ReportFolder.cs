using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SemCache.Cli.Output;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>Writes a report to files, and as JSON.</summary>
internal static class ReportFolder
{
    private const string PageName = "report.html";

    /// <summary>How figures are written as JSON; one that is no number becomes null.</summary>
    public static JsonSerializerOptions JsonOptions { get; } =
        new(JsonOutput.Options) { Converters = { new FiniteOrNull() } };

    /// <summary>The page, and every chart as PNG and SVG beside it. Returns the page's path.</summary>
    public static string Write(EvaluationReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        Dictionary<string, List<string>> svgs = [];
        foreach (var models in report.Sets.GroupBy(set => set.Name))
        {
            var ofSet = svgs[models.Key] = [];
            foreach (var (name, plot) in Charts.Of([.. models]))
            {
                using (plot)
                {
                    var file = Path.Combine(folder, $"{models.Key}-{report.Mode}-{name}");
                    plot.SavePng(file + ".png", Charts.Width, Charts.Height);
                    var svg = plot.GetSvgXml(Charts.Width, Charts.Height);
                    File.WriteAllText(file + ".svg", svg);
                    ofSet.Add(svg);
                }
            }
        }

        var page = Path.Combine(folder, PageName);
        File.WriteAllText(page, HtmlReport.Write(report, name => svgs[name]));
        return page;
    }

    /// <summary>The summary across data sets, then each data set, as Markdown.</summary>
    public static void WriteMarkdown(EvaluationReport report, string file)
    {
        var text = new StringBuilder();
        foreach (var table in SummaryTable.Summary(report).Concat(
            report.Sets.GroupBy(set => set.Name).Select(models => SummaryTable.OfSet([.. models]))))
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(TableWriters.Markdown(table));
        }

        File.WriteAllText(file, text.ToString());
    }

    public static string Json(EvaluationReport report) => JsonSerializer.Serialize(report, JsonOptions);

    // JSON has no NaN.
    private sealed class FiniteOrNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
