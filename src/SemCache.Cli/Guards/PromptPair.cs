using System.Text.Json;
using SemCache.Cli.JsonLines;
using SemCache.Cli.Transfer;
using SemCache.Core;
using SemCache.Core.Prompts;

namespace SemCache.Cli.Guards;

/// <summary>Two prompts, and whether one answer serves both.</summary>
/// <param name="A">The one, in canonical form, as guards get it in a lookup.</param>
/// <param name="B">The other, likewise.</param>
/// <param name="SameAnswer">Whether one answer serves both; null when nobody said.</param>
internal sealed record PromptPair(string A, string B, bool? SameAnswer)
{
    /// <summary>Reads <c>{"a":"…","b":"…","label":1}</c>, the label optional; other fields are left alone.</summary>
    /// <exception cref="BadLineException">A field is wrong; the message names it and says what is allowed.</exception>
    public static PromptPair Parse(JsonElement line) => new(Canonical(line, "a"), Canonical(line, "b"), line.Label());

    private static string Canonical(JsonElement line, string field)
    {
        try
        {
            return CanonicalText.Of(line.Text(field), field);
        }
        catch (InvalidRequestException exception)
        {
            throw new BadLineException(exception.Message);
        }
    }
}
