using System.Text.Json;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Evaluation.Data;

/// <summary>Recognises a line by its fields. Fields beyond those that its kind needs are left alone.</summary>
internal static class DataLineParser
{
    public const string Shapes =
        "{\"a\",\"b\",\"label\"}, {\"text\",\"intent\" or \"class\"}, {\"text\"} or "
        + "{\"history\",\"question\",\"rewrite\"}";

    /// <exception cref="BadLineException">A field is wrong; the message names it and says what is allowed.</exception>
    public static DataLine Parse(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            throw new BadLineException("is no JSON object.");
        }

        if (line.TryGetProperty("a", out _) || line.TryGetProperty("b", out _))
        {
            return new PairLine(Text(line, "a"), Text(line, "b"), Label(line));
        }

        if (line.TryGetProperty("history", out _))
        {
            return new TurnLine(History(line), Text(line, "question"), Text(line, "rewrite"));
        }

        if (line.TryGetProperty("text", out _))
        {
            var field = line.TryGetProperty("intent", out _) ? "intent" : "class";
            return line.TryGetProperty(field, out _)
                ? new ClassLine(Text(line, "text"), Text(line, field))
                : new TextLine(Text(line, "text"));
        }

        throw new BadLineException($"has none of the known sets of fields: {Shapes}.");
    }

    private static string Text(JsonElement line, string field) =>
        line.TryGetProperty(field, out var value)
            ? NotEmpty(value, field)
            : throw new BadLineException($"field \"{field}\" is missing.");

    private static string NotEmpty(JsonElement value, string field)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new BadLineException($"field \"{field}\" must be a text, not {value.ValueKind}.");
        }

        // The cache ignores outer white space too; it must not turn one text into two.
        return Decode(value, field).Trim() is { Length: > 0 } text
            ? text
            : throw new BadLineException($"field \"{field}\" is empty.");
    }

    private static string Decode(JsonElement value, string field)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BadLineException($"field \"{field}\" is not Unicode.");
        }
    }

    private static bool Label(JsonElement line)
    {
        if (!line.TryGetProperty("label", out var label))
        {
            throw new BadLineException(line.TryGetProperty("score", out _)
                ? "has a graded \"score\"; only a \"label\" 0 or 1 says whether one answer serves both."
                : "field \"label\" is missing; it must be 0 or 1.");
        }

        return label.ValueKind == JsonValueKind.Number && label.GetDouble() is 0 or 1
            ? label.GetDouble() == 1
            : throw new BadLineException(
                $"field \"label\" must be 0 or 1, not {label.GetRawText()}: "
                + "grades do not say whether one answer serves both.");
    }

    private static string[] History(JsonElement line)
    {
        var history = line.GetProperty("history");
        return history.ValueKind == JsonValueKind.Array
            ? [.. history.EnumerateArray().Select(turn => NotEmpty(turn, "history"))]
            : throw new BadLineException("field \"history\" must be an array of texts.");
    }
}
