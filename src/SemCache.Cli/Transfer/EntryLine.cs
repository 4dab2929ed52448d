using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using SemCache.Cli.Options;
using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>
/// An entry on one line: the proto3 JSON form of <see cref="Entry"/>. What <see cref="Format"/> writes,
/// <see cref="Parse"/> reads; beyond that it reads prompt and response also when they are plain strings.
/// </summary>
internal static class EntryLine
{
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    public static string Format(Entry entry) => JsonFormatter.Default.Format(entry);

    /// <exception cref="BadLineException">The line does not hold an entry with a prompt and a response.</exception>
    public static Entry Parse(ReadOnlySpan<byte> line)
    {
        if (!TextInput.TryDecode(line, out var json))
        {
            throw new BadLineException("not UTF-8");
        }

        var entry = ParseEntry(Expand(json));
        if (entry.Prompt is null || entry.Prompt.KindCase == Prompt.KindOneofCase.None)
        {
            throw new BadLineException("has no prompt");
        }

        if (entry.Response is null || entry.Response.BodyCase == Response.BodyOneofCase.None)
        {
            throw new BadLineException("has no response");
        }

        return entry;
    }

    private static Entry ParseEntry(string json)
    {
        try
        {
            return JsonParser.Default.Parse<Entry>(json);
        }
        catch (Exception e) when (e is InvalidJsonException or InvalidProtocolBufferException)
        {
            throw new BadLineException($"not an entry: {e.Message}");
        }
    }

    /// <summary>Replaces the short form <c>"prompt":"text"</c> by the long one.</summary>
    private static string Expand(string json)
    {
        if (ParseObject(json) is not { } line)
        {
            throw new BadLineException("not a JSON object");
        }

        var expanded = ExpandText(line, "prompt") | ExpandText(line, "response");
        return expanded ? line.ToJsonString(JsonSerializerOptions.Default) : json;
    }

    private static JsonObject? ParseObject(string json)
    {
        try
        {
            return JsonNode.Parse(json, nodeOptions: null, _strict) as JsonObject;
        }
        catch (JsonException e)
        {
            throw new BadLineException(
                $"not JSON at byte {e.BytePositionInLine}: {e.Message.Split(" LineNumber:")[0]}");
        }
    }

    private static bool ExpandText(JsonObject line, string name)
    {
        if (line[name] is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return false;
        }

        line[name] = new JsonObject { ["text"] = value.DeepClone() };
        return true;
    }
}
