using System.Globalization;
using System.Text.Json;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Evaluation.Calibration;

/// <summary>A decision of a server, with what somebody said about it.</summary>
/// <param name="Time">When it was made.</param>
/// <param name="IsExact">Whether it was an exact hit.</param>
/// <param name="IsHit">Whether it was a hit.</param>
/// <param name="Similarity">Of the entry served, or of the nearest on a miss; null when nothing was compared.</param>
/// <param name="Probability">The verifier's; null when it was not asked.</param>
/// <param name="Right">
/// Whether the answer served is right, or on a miss the nearest one would have been; null when nobody said.
/// </param>
internal sealed record DecisionLine(
    DateTimeOffset Time, bool IsExact, bool IsHit, double? Similarity, double? Probability, bool? Right)
{
    public const string Shape =
        "{\"time\":RFC 3339,\"outcome\":\"exact_hit\"|\"semantic_hit\"|\"miss\",\"similarity\":x,"
        + "\"probability\":p or null,\"right\":true|false|null}";

    /// <summary>Whether a bar can make it a hit: it was one, or somebody judged what it would have been.</summary>
    private bool IsScored => IsHit || Right is not null;

    /// <summary>The decision as a bar on similarities sees it.</summary>
    public JudgedLookup BySimilarity => new(IsExact ? 1 : IsScored ? Similarity ?? double.NaN : double.NaN, Right);

    /// <summary>The decision as a bar on probabilities sees it; what was served unverified passes each.</summary>
    public JudgedLookup ByProbability =>
        new(IsExact ? 1 : IsScored ? Probability ?? (IsHit ? 1 : double.NaN) : double.NaN, Right);

    /// <exception cref="BadLineException">A field is wrong; the message names it and says what is allowed.</exception>
    public static DecisionLine Parse(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            throw new BadLineException("is no JSON object.");
        }

        var outcome = Field(line, "outcome")?.ToString();
        if (outcome is not ("exact_hit" or "semantic_hit" or "miss"))
        {
            throw new BadLineException("field \"outcome\" must be exact_hit, semantic_hit or miss.");
        }

        var similarity = Number(line, "similarity", -1);
        return outcome == "semantic_hit" && similarity is null
            ? throw new BadLineException("field \"similarity\" is missing; a semantic hit has one.")
            : new DecisionLine(
                TimeOf(line), outcome == "exact_hit", outcome != "miss", similarity, Number(line, "probability", 0),
                RightOf(line));
    }

    private static DateTimeOffset TimeOf(JsonElement line) =>
        Field(line, "time") is { ValueKind: JsonValueKind.String } value
        && DateTimeOffset.TryParse(
            value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new BadLineException("field \"time\" must be a time like 2026-01-31T12:00:00Z.");

    private static double? Number(JsonElement line, string field, double least) => Field(line, field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.GetDouble() >= least && value.GetDouble() <= 1 =>
            value.GetDouble(),
        _ => throw new BadLineException($"field \"{field}\" must be a number from {least} to 1, or null."),
    };

    private static bool? RightOf(JsonElement line) => Field(line, "right") switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new BadLineException("field \"right\" must be true, false or null."),
    };

    private static JsonElement? Field(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
