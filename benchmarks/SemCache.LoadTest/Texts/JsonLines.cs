using System.Text.Json;
using SemCache.LoadTest.Commands;

namespace SemCache.LoadTest.Texts;

/// <summary>Reads texts from data files.</summary>
internal static class JsonLines
{
    /// <summary>The first distinct texts of lines {"text"} or {"a"}.</summary>
    /// <exception cref="NotMeasuredException">The files have too few.</exception>
    public static IReadOnlyList<string> TakeTexts(IReadOnlyList<FileInfo> files, int count)
    {
        string[] texts = [.. files.SelectMany(Read).Distinct().Take(count)];
        return texts.Length == count
            ? texts
            : throw new NotMeasuredException(
                $"{string.Join(", ", files.Select(file => file.Name))}: {texts.Length} distinct texts; {count} are needed.");
    }

    private static string ReadText(JsonElement line) =>
        (line.TryGetProperty("text", out JsonElement text) ? text : line.GetProperty("a")).GetString()!.Trim();

    private static IEnumerable<string> Read(FileInfo file)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file.FullName))
        {
            number++;
            if (line.Length > 0)
            {
                yield return Parse(file, number, line);
            }
        }
    }

    private static string Parse(FileInfo file, int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return ReadText(document.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new NotMeasuredException($"{file.Name}, line {number} does not fit: {problem.Message}", problem);
        }
    }
}
