using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace SemCache.LoadTest.Reporting;

/// <summary>Tables for people, JSON for everything else.</summary>
internal static class Report
{
    private const int WidthOfFiles = 400;

    private static readonly JsonSerializerOptions _jsonOptions =
        new(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            // A ratio to something that was not answered once.
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        };

    /// <summary>Says what is going on, where it does not get into the way of the figures.</summary>
    public static void Progress(string message) => Console.Error.WriteLine(message);

    /// <summary>Prints a table; the first column is text, the others are figures.</summary>
    public static void Print(string title, string[] columns, IEnumerable<string[]> rows)
    {
        if (Console.IsOutputRedirected)
        {
            // Nobody's window is that of a file; the default of 80 would break lines.
            AnsiConsole.Profile.Width = WidthOfFiles;
        }

        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Markdown };
        for (int i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i])) { NoWrap = true };
            table.AddColumn(i == 0 ? column.LeftAligned() : column.RightAligned());
        }

        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Writes the figures with the circumstances that they were measured in, if there is a file.</summary>
    public static async Task WriteJsonAsync(FileInfo? file, object figures)
    {
        if (file is null)
        {
            return;
        }

        var document = new
        {
            MeasuredAt = TimeProvider.System.GetUtcNow(),
            Cores = Environment.ProcessorCount,
            Runtime = RuntimeInformation.FrameworkDescription,
            System = RuntimeInformation.OSDescription,
            Figures = figures,
        };
        file.Directory?.Create();
        await using FileStream stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, document, _jsonOptions);
    }

    /// <summary>A figure as tables tell it; a dash for one that is not known.</summary>
    public static string Number(double value, string format = "N0") =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
