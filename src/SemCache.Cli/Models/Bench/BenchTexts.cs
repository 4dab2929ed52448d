using System.Text.Json;
using SemCache.Cli.Demo;
using SemCache.Cli.JsonLines;
using SemCache.Cli.Transfer;

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
        await foreach (var (_, text) in JsonLinesFile.ReadAsync(file, Parse, cancellationToken))
        {
            texts.Add(text);
            if (texts.Count == Most)
            {
                break;
            }
        }

        return texts.Count > 0 ? [.. texts] : throw new UsageException($"{file} has no texts.");
    }

    private static string Parse(JsonElement line) => line.ValueKind switch
    {
        JsonValueKind.String => line.AsText("the string"),
        JsonValueKind.Object when _properties.FirstOrDefault(name => line.Has(name)) is { } field => line.Text(field),
        _ => throw new BadLineException("neither a JSON string nor an object with \"text\" or \"prompt\"."),
    };
}
