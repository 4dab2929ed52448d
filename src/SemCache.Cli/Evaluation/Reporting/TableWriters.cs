using System.Net;
using System.Text;
using Spectre.Console;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>Writes tables for terminals, as Markdown and as HTML.</summary>
internal static class TableWriters
{
    public static void Write(IAnsiConsole console, SummaryTable table)
    {
        // Intervals below their figures: beside them the table would be too wide for any terminal.
        var view = new Table().Border(TableBorder.Simple).Title(Markup.Escape(table.Title));
        for (var i = 0; i < table.Columns.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(table.Columns[i]));
            view.AddColumn(i < table.Names ? column : column.RightAligned());
        }

        foreach (var row in table.Rows)
        {
            view.AddRow(row.Select(cell => cell.Interval.Length == 0
                ? new Markup(Markup.Escape(cell.Text))
                : new Markup($"{Markup.Escape(cell.Text)}\n[grey]{Markup.Escape(cell.Interval)}[/]")));
        }

        console.Write(view);
    }

    public static string Markdown(SummaryTable table)
    {
        var text = new StringBuilder();
        text.Append("**").Append(table.Title).Append("**\n\n");
        Line(text, table.Columns);
        Line(text, table.Columns.Select((_, i) => i < table.Names ? "---" : "---:"));
        foreach (var row in table.Rows)
        {
            Line(text, row.Select(cell => cell.ToString()));
        }

        return text.ToString();
    }

    public static string Html(SummaryTable table)
    {
        var text = new StringBuilder("<div class=\"wide\"><table>\n<tr>");
        for (var i = 0; i < table.Columns.Count; i++)
        {
            text.Append(i < table.Names ? "<th class=\"name\">" : "<th>")
                .Append(Encoded(table.Columns[i])).Append("</th>");
        }

        text.Append("</tr>\n");
        foreach (var row in table.Rows)
        {
            text.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
            {
                text.Append(i < table.Names ? "<td class=\"name\">" : "<td>").Append(Encoded(row[i].Text));
                if (row[i].Interval.Length > 0)
                {
                    text.Append("<small>").Append(Encoded(row[i].Interval)).Append("</small>");
                }

                text.Append("</td>");
            }

            text.Append("</tr>\n");
        }

        return text.Append("</table></div>\n").ToString();
    }

    /// <summary>A text that stands for itself in HTML.</summary>
    public static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private static void Line(StringBuilder text, IEnumerable<string> cells)
    {
        foreach (var cell in cells)
        {
            text.Append("| ").Append(cell.Replace("|", "\\|", StringComparison.Ordinal)).Append(' ');
        }

        text.Append("|\n");
    }
}
