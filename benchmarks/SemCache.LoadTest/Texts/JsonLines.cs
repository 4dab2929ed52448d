using System.Text.Json;
using SemCache.LoadTest.Commands;

namespace SemCache.LoadTest.Texts;

/// <summary>Two questions, and whether one answer serves both.</summary>
internal sealed record QuestionPair(string A, string B, bool SameAnswer);

/// <summary>Reads the two shapes of data files.</summary>
internal static class JsonLines
{
    /// <summary>Lines {"a", "b", "label"}. A graded label counts as a yes only when it is 1.</summary>
    public static IReadOnlyList<QuestionPair> ReadPairs(FileInfo file) =>
        [.. Read(file, line => new QuestionPair(
            line.GetProperty("a").GetString()!,
            line.GetProperty("b").GetString()!,
            line.GetProperty("label").GetDouble() >= 1))];

    /// <summary>The first distinct texts of lines {"text"} or {"a"}.</summary>
    /// <exception cref="LoadTestException">The file has too few.</exception>
    public static IReadOnlyList<string> TakeTexts(FileInfo file, int count)
    {
        string[] texts = [.. Read(file, ReadText).Distinct().Take(count)];
        return texts.Length == count
            ? texts
            : throw new LoadTestException($"{file.Name} has {texts.Length} distinct texts; {count} are needed.");
    }

    private static string ReadText(JsonElement line) =>
        (line.TryGetProperty("text", out JsonElement text) ? text : line.GetProperty("a")).GetString()!.Trim();

    private static IEnumerable<T> Read<T>(FileInfo file, Func<JsonElement, T> map)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file.FullName))
        {
            number++;
            if (line.Length > 0)
            {
                yield return Parse(file, number, line, map);
            }
        }
    }

    private static T Parse<T>(FileInfo file, int number, string line, Func<JsonElement, T> map)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return map(document.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new LoadTestException($"{file.Name}, line {number} does not fit: {problem.Message}", problem);
        }
    }
}
