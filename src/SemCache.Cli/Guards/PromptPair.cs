using System.Text.Json;
using SemCache.Cli.JsonLines;
using SemCache.Cli.Transfer;
using SemCache.Core;
using SemCache.Core.Prompts;

namespace SemCache.Cli.Guards;

/// <summary>Two prompts, and whether one answer serves both.</summary>
<<<<<<< HEAD
/// <param name="A">The one.</param>
/// <param name="B">The other.</param>
/// <param name="SameAnswer">Whether one answer serves both; null when nobody said.</param>
internal sealed record PromptPair(string A, string B, bool? SameAnswer)
{
    /// <summary>Reads <c>{"a":"…","b":"…","label":1}</c>, the label optional; other fields are left alone.</summary>
    /// <exception cref="BadLineException">A field is wrong; the message names it and says what is allowed.</exception>
    public static PromptPair Parse(JsonElement line) => new(line.Text("a"), line.Text("b"), line.Label());
=======
/// <param name="A">The one, in canonical form, as guards get it in a lookup.</param>
/// <param name="B">The other, likewise.</param>
/// <param name="Label">1 when one answer serves both, 0 when not, null when nobody said.</param>
internal sealed record PromptPair(string A, string B, int? Label)
{
    /// <summary>Reads <c>{"a":"…","b":"…","label":1}</c>; other fields are skipped.</summary>
    /// <exception cref="BadLineException">The line is no such object.</exception>
    public static PromptPair Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return Read(line);
        }
        catch (InvalidRequestException e)
        {
            throw new BadLineException(e.Message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BadLineException($"not a pair like {{\"a\":\"…\",\"b\":\"…\",\"label\":1}}: {e.Message}");
        }
    }

    private static PromptPair Read(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        string? a = null, b = null;
        int? label = null;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new BadLineException("not a JSON object");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            int field = json.ValueTextEquals("a"u8) ? 'a' : json.ValueTextEquals("b"u8) ? 'b'
                : json.ValueTextEquals("label"u8) ? 'l' : 0;
            json.Read();
            switch (field)
            {
                case 'a':
                    a = json.GetString();
                    break;
                case 'b':
                    b = json.GetString();
                    break;
                case 'l':
                    label = json.TryGetInt32(out int value) && value is 0 or 1
                        ? value : throw new BadLineException("label must be 0 or 1");
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        // Reads to the end, so that what follows the object is found too.
        json.Read();
        return a is null || b is null
            ? throw new BadLineException("has no a or no b")
            : new PromptPair(CanonicalText.Of(a, "a"), CanonicalText.Of(b, "b"), label);
    }
>>>>>>> wt-review
}
