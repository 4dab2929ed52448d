using System.Text;
using SemCache.Cli.Output;
using static SemCache.Cli.Evaluation.Reporting.TableWriters;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>Lookups to read, as sections of the page.</summary>
internal static class ExampleSections
{
    /// <summary>Long prompts are cut: the point of an example is read in its first lines.</summary>
    private const int LongestText = 400;

    public static void Append(StringBuilder page, ExampleLists examples)
    {
        Append(page, "Wrong hits, highest score first", "served", examples.WrongHits);
        Append(page, "Possible hits that were missed, lowest score first", "right entry", examples.Misses);
        Append(page, "Stopped by a guard, nearest first", "stopped entry", examples.Stopped);
        Append(page, "Right hits by meaning, lowest similarity first", "served", examples.RightHits);
    }

    private static void Append(StringBuilder page, string title, string entry, IReadOnlyList<Example> examples)
    {
        if (examples.Count == 0)
        {
            return;
        }

        page.Append("<h3>").Append(Encoded(title)).Append("</h3>\n<div class=\"wide\"><table>\n<tr>")
            .Append("<th class=\"name\">looked up</th><th class=\"name\">").Append(Encoded(entry))
            .Append("</th><th>similarity</th><th>probability</th><th class=\"name\">decided by</th></tr>\n");
        foreach (var example in examples)
        {
            page.Append("<tr><td class=\"text\">").Append(Text(example.Asked));
            if (example.ClassName.Length > 0)
            {
                page.Append("<small>").Append(Encoded(example.ClassName)).Append("</small>");
            }

            page.Append("</td><td class=\"text\">").Append(Text(example.Entry))
                .Append("</td><td>").Append(Cells.Number(example.Similarity))
                .Append("</td><td>").Append(Cells.Number(example.Probability))
                .Append("</td><td class=\"detail\">").Append(Encoded(example.Stage));
            if (example.Detail.Length > 0)
            {
                page.Append("<small>").Append(Text(example.Detail)).Append("</small>");
            }

            page.Append("</td></tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static string Text(string text) => Encoded(ServerText.OneLine(text, LongestText));
}
