using System.Text.Json;
using SemCache.Cli.JsonLines;
using SemCache.Cli.Transfer;
using SemCache.Core;
using SemCache.Core.Prompts;

namespace SemCache.Cli.Models;

/// <summary>
/// The texts of a line as the engine compares them: <c>{"text":"…"}</c> has one, <c>{"a":"…","b":"…"}</c> two.
/// </summary>
internal static class PromptTexts
{
    /// <exception cref="BadLineException">A field is wrong; the message names it and says what is allowed.</exception>
    public static string[] Parse(JsonElement line) => line.Has("a") || line.Has("b")
        ? [Canonical(line, "a"), Canonical(line, "b")]
        : [Canonical(line, "text")];

    private static string Canonical(JsonElement line, string field)
    {
        try
        {
            return CanonicalPrompt.Of(Prompt.FromText(line.Text(field))).Text;
        }
        catch (InvalidRequestException e)
        {
            throw new BadLineException($"field \"{field}\" {e.Problem}.");
        }
    }
}
