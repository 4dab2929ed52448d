using System.Text;
using System.Text.RegularExpressions;
using SemCache.Cli.Output;
using static SemCache.Cli.Evaluation.Reporting.TableWriters;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>The report as one page that needs nothing else: styles and charts are in it, and no script.</summary>
internal static partial class HtmlReport
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>SemCache evaluation</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; color: #1d2430; background: #f5f6f8; margin: 0; }
        main { max-width: 1500px; margin: 0 auto; padding: 1.5rem; }
        section { background: #fff; border: 1px solid #dfe3e8; border-radius: 8px; }
        section { padding: 1rem 1.5rem; margin: 0 0 1.5rem; }
        h1 { font-size: 1.6rem; margin: .2rem 0; }
        h2 { font-size: 1.25rem; margin: .2rem 0; }
        h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
        p { color: #5b6573; margin: .2rem 0 .8rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .3rem 0 1rem; }
        th { font-weight: 600; font-size: .8rem; color: #5b6573; }
        th { vertical-align: bottom; text-align: right; max-width: 9rem; }
        td { text-align: right; vertical-align: top; } td small { display: block; color: #8a94a3; white-space: nowrap; }
        th, td { padding: .3rem .7rem; border-bottom: 1px solid #e8ebef; }
        .name { text-align: left; white-space: nowrap; }
        .text, .detail { text-align: left; min-width: 12rem; max-width: 34rem; overflow-wrap: anywhere; }
        .detail small { white-space: normal; }
        .wide { overflow-x: auto; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(36rem, 1fr)); gap: 1rem; }
        .charts svg { width: 100%; height: auto; }
        details { border-top: 1px solid #e8ebef; padding: .4rem 0; } summary { cursor: pointer; font-weight: 600; }
        </style>
        </head>
        <body><main>

        """;

    /// <param name="report">What was found.</param>
    /// <param name="charts">The charts of each data set, as SVG.</param>
    public static string Write(EvaluationReport report, Func<string, IEnumerable<string>> charts)
    {
        var page = new StringBuilder(Head);
        page.Append("<h1>SemCache evaluation</h1>\n<p>").Append(Encoded(Explain(report))).Append("</p>\n");
        if (SummaryTable.Summary(report) is { Count: > 0 } summary)
        {
            page.Append("<section><h2>Summary</h2>\n");
            foreach (var table in summary)
            {
                page.Append("<h3>").Append(Encoded(table.Title)).Append("</h3>\n").Append(Html(table));
            }

            page.Append("</section>\n");
        }

        var chart = 0;
        foreach (var models in report.Sets.GroupBy(set => set.Name).Select(group => group.ToArray()))
        {
            var table = SummaryTable.OfSet(models);
            page.Append("<section><h2>").Append(Encoded(table.Title)).Append("</h2>\n<p>")
                .Append(Encoded(Speed(models))).Append("</p>\n").Append(Html(table)).Append("<div class=\"charts\">\n");
            foreach (var svg in charts(models[0].Name))
            {
                page.Append(Inline(svg, chart++)).Append('\n');
            }

            page.Append("</div>\n");
            foreach (var (set, policy) in models.SelectMany(set => set.Policies, (set, policy) => (set, policy)))
            {
                page.Append("<details><summary>")
                    .Append(Encoded($"{policy.Title}, {set.Model}: what decided, and examples"))
                    .Append("</summary>\n").Append(Html(StageTable(set, policy)));
                ExampleSections.Append(page, policy.Examples);
                page.Append("</details>\n");
            }

            page.Append("</section>\n");
        }

        return page.Append("</main></body></html>\n").ToString();
    }

    private static string Explain(EvaluationReport report) =>
        (report.Mode == "pairs"
            ? "One prompt of each pair is stored and the other one looked up, each pair alone. "
            : $"Every distinct prompt is looked up once, in a cache empty at first; stored is {Stored(report)}. ")
        + "Error rate: wrong hits / all lookups. Recall: right hits / lookups for which a right answer was there. "
        + (report.Resamples > 0
            ? $"Small figures: 95 % confidence intervals from {Humanized.Count(report.Resamples)} resamples of the "
                + $"lookups, seed {report.Seed}."
            : "");

    private static string Stored(EvaluationReport report) => report.Insert == "always" ? "every prompt" : "what missed";

    private static string Speed(IEnumerable<SetReport> models) => string.Join("; ", models.Select(set =>
        $"{set.Model}: {Humanized.Count((long)set.LookupsPerSecond)} lookups/s, {set.Seconds:0.0} s in all"));

    private static SummaryTable StageTable(SetReport set, PolicyReport policy) => new(
        "What decided",
        ["stage", "lookups", "share", "right hits", "wrong hits", "missed though possible", "other misses"],
        Names: 1,
        [.. policy.Stages.Select(stage => (IReadOnlyList<Cell>)
        [
            new(stage.Stage), new(Humanized.Count(stage.Lookups)), new(Humanized.Percent(stage.Lookups, set.Lookups)),
            new(Humanized.Count(stage.RightHits)), new(Humanized.Count(stage.WrongHits)),
            new(Humanized.Count(stage.MissedPossible)), new(Humanized.Count(stage.OtherMisses)),
        ])]);

    // Ids are unique within one chart only, and a page has several. With a view box a chart fits any width.
    private static string Inline(string svg, int number)
    {
        const string opening = "<svg ";
        var start = svg.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        return $"{opening}viewBox=\"0 0 {Charts.Width} {Charts.Height}\" "
            + Ids().Replace(svg[start..], $"$1c{number}-$2");
    }

    [GeneratedRegex("""(\bid="|url\(#|xlink:href="#)([^")]+)""")]
    private static partial Regex Ids();
}
