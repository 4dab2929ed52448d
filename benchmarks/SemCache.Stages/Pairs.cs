using System.Text.Json;

namespace SemCache.Stages;

/// <summary>The prompts of a bench.</summary>
internal static class Pairs
{
    /// <summary>The first pairs of a file.</summary>
    /// <exception cref="InvalidDataException">A line is no pair.</exception>
    public static IReadOnlyList<(string Stored, string Asked)> Read(string path, int most)
    {
        List<(string, string)> pairs = [];
        foreach (string line in File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)).Take(most))
        {
            using var json = JsonDocument.Parse(line);
            pairs.Add(json.RootElement.TryGetProperty("a", out JsonElement a) && json.RootElement.TryGetProperty("b", out JsonElement b)
                ? (a.GetString()!, b.GetString()!)
                : throw new InvalidDataException($"{path}, line {pairs.Count + 1}: a pair has the fields \"a\" and \"b\"."));
        }

        return pairs;
    }
}
