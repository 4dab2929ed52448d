using System.Text.Json;
using SemCache.Cli.Demo;

namespace SemCache.Cli.Models.Bench;

/// <summary>The texts that a bench embeds.</summary>
internal static class BenchTexts
{
    /// <summary>Most texts of a file: a bench of more takes longer and tells no more.</summary>
    public const int Most = 1_000;

    private static readonly string[] _properties = ["text", "prompt"];

    /// <summary>The questions that come with the program.</summary>
    public static string[] Sample() => [.. SamplePrompt.ReadAll().Select(question => question.Prompt).Distinct()];

    /// <summary>The first texts of a file: a line is a JSON string, or an object with a text or a prompt.</summary>
    /// <exception cref="UsageException">A line is neither, or there is none.</exception>
    public static async Task<string[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        List<string> texts = [];
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(file, cancellationToken))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            texts.Add(Parse(line) ?? throw new UsageException(
                $"{file}, line {number}: neither a JSON string nor an object with \"text\" or \"prompt\"."));
            if (texts.Count == Most)
            {
                break;
            }
        }

        return texts.Count > 0 ? [.. texts] : throw new UsageException($"{file} has no texts.");
    }

    private static string? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var value = json.RootElement;
            if (value.ValueKind == JsonValueKind.Object)
            {
                value = _properties
                    .Select(name => json.RootElement.TryGetProperty(name, out var property) ? property : default)
                    .FirstOrDefault(property => property.ValueKind == JsonValueKind.String);
            }

            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
