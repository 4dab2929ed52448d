using System.Text.Json;
using SemCache.Cli.JsonLines;
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
        if (line.Has("a") || line.Has("b"))
        {
            return new PairLine(line.Text("a"), line.Text("b"), SameAnswer(line));
        }

        if (line.Has("history"))
        {
            return new TurnLine(line.Texts("history"), line.Text("question"), line.Text("rewrite"));
        }

        if (line.Has("text"))
        {
            var field = line.Has("intent") ? "intent" : "class";
            return line.Has(field)
                ? new ClassLine(line.Text("text"), line.Text(field))
                : new TextLine(line.Text("text"));
        }

        throw new BadLineException($"has none of the known sets of fields: {Shapes}.");
    }

    private static bool SameAnswer(JsonElement line) => line.Label() ?? throw new BadLineException(line.Has("score")
        ? "has a graded \"score\"; only a \"label\" 0 or 1 says whether one answer serves both."
        : "field \"label\" is missing; it must be 0 or 1.");
}
