using System.Globalization;
using System.Text;

namespace SemCache.Peers.Reporting;

/// <summary>A table as Markdown; all columns but the first few are numbers.</summary>
internal sealed class MarkdownTable(int textColumns, params string[] columns)
{
    private const string None = "-";

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; a cell that is null was not measured.</summary>
    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => cell ?? None)]);

    /// <summary>A number with so many digits behind the point.</summary>
    public static string? Number(double? value, int digits = 0) =>
        value?.ToString($"N{digits}", CultureInfo.InvariantCulture);

    public void WriteTo(StringBuilder text)
    {
        Line(text, columns);
        Line(text, columns.Select((_, column) => column < textColumns ? "---" : "---:"));
        foreach (string[] row in _rows)
        {
            Line(text, row);
        }

        text.Append('\n');
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
