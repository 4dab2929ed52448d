using System.Text.Json;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.JsonLines;

/// <summary>
/// Reads the fields of a line. What is wrong with one is a <see cref="BadLineException"/> that names it.
/// </summary>
internal static class LineFields
{
    /// <summary>Whether a line, which must be a JSON object, has a field.</summary>
    public static bool Has(this JsonElement line, string field) => line.ValueKind == JsonValueKind.Object
        ? line.TryGetProperty(field, out _)
        : throw new BadLineException("is no JSON object.");

    /// <summary>A field with a text, trimmed and not empty.</summary>
    public static string Text(this JsonElement line, string field) => line.Has(field)
        ? line.GetProperty(field).AsText($"field \"{field}\"")
        : throw new BadLineException($"field \"{field}\" is missing.");

    /// <summary>A value that is a text, trimmed and not empty.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What it is called in messages.</param>
    public static string AsText(this JsonElement value, string what)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new BadLineException($"{what} must be a text, not {value.ValueKind}.");
        }

        // The cache ignores outer white space too; it must not turn one text into two.
        return Decode(value, what).Trim() is { Length: > 0 } text
            ? text
            : throw new BadLineException($"{what} is empty.");
    }

    /// <summary>A field with any number of texts, each trimmed and not empty.</summary>
    public static string[] Texts(this JsonElement line, string field) =>
        line.Has(field) && line.GetProperty(field) is { ValueKind: JsonValueKind.Array } texts
            ? [.. texts.EnumerateArray().Select(text => text.AsText($"field \"{field}\""))]
            : throw new BadLineException($"field \"{field}\" must be an array of texts.");

    /// <summary>The field <c>label</c> of a pair: whether one answer serves both; null without such a field.</summary>
    public static bool? Label(this JsonElement line)
    {
        if (!line.Has("label"))
        {
            return null;
        }

        var label = line.GetProperty("label");
        return label.ValueKind == JsonValueKind.Number && label.GetDouble() is 0 or 1
            ? label.GetDouble() == 1
            : throw new BadLineException(
                $"field \"label\" must be 0 or 1, not {label.GetRawText()}: "
                + "grades do not say whether one answer serves both.");
    }

    private static string Decode(JsonElement value, string what)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BadLineException($"{what} is not Unicode.");
        }
    }
}
