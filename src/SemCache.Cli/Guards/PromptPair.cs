using System.Text.Json;
using SemCache.Cli.JsonLines;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Guards;

/// <summary>Two prompts, and whether one answer serves both.</summary>
/// <param name="A">The one.</param>
/// <param name="B">The other.</param>
/// <param name="SameAnswer">Whether one answer serves both; null when nobody said.</param>
internal sealed record PromptPair(string A, string B, bool? SameAnswer)
{
    /// <summary>Reads <c>{"a":"…","b":"…","label":1}</c>, the label optional; other fields are left alone.</summary>
    /// <exception cref="BadLineException">A field is wrong; the message names it and says what is allowed.</exception>
    public static PromptPair Parse(JsonElement line) => new(line.Text("a"), line.Text("b"), line.Label());
}
