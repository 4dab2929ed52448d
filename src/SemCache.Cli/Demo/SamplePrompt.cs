using System.Text.Json;

namespace SemCache.Cli.Demo;

/// <summary>A question that somebody asked a model, and what the model made of it.</summary>
/// <param name="Class">Questions of one class are served by the same answer.</param>
internal sealed record SamplePrompt(
    string Class, string Prompt, string Response, string Model,
    long PromptTokens, long CompletionTokens, double Cost, double LatencyMs)
{
    private const string Resource = "sample-prompts.jsonl";

    /// <summary>The questions that come with the program, in the order in which they were asked.</summary>
    public static IEnumerable<SamplePrompt> ReadAll()
    {
        using var stream = typeof(SamplePrompt).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program lacks its resource {Resource}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return JsonSerializer.Deserialize<SamplePrompt>(line, JsonSerializerOptions.Web)
                ?? throw new InvalidOperationException($"The resource {Resource} has an empty line.");
        }
    }
}
