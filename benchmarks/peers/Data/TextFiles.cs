using System.Text.Json;
using SemCache.Peers.Commands;

namespace SemCache.Peers.Data;

/// <summary>Reads texts from JSON lines.</summary>
internal static class TextFiles
{
    /// <summary>The distinct texts of files with lines {"text"}, in their order.</summary>
    /// <exception cref="NotMeasuredException">A line is none.</exception>
    public static IReadOnlyList<string> Read(IEnumerable<FileInfo> files)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        List<string> texts = [];
        foreach (FileInfo file in files)
        {
            int number = 0;
            foreach (string line in File.ReadLines(file.FullName))
            {
                number++;
                if (line.Length > 0 && Parse(file, number, line) is { Length: > 0 } text && known.Add(text))
                {
                    texts.Add(text);
                }
            }
        }

        return texts;
    }

    private static string Parse(FileInfo file, int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("text").GetString()!.Trim();
        }
        catch (Exception problem) when (
            problem is JsonException or KeyNotFoundException or InvalidOperationException or NullReferenceException)
        {
            throw new NotMeasuredException($"{file.Name}, line {number} is not {{\"text\": …}}: {problem.Message}", problem);
        }
    }
}
