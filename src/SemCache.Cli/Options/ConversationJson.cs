using Google.Protobuf;
using SemCache.V1;

namespace SemCache.Cli.Options;

/// <summary>A conversation as model APIs write it: an array, alone or under the key <c>messages</c>.</summary>
internal static class ConversationJson
{
    public static Conversation Parse(string json, string origin)
    {
        try
        {
            var wrapped = json.TrimStart().StartsWith('[') ? $"{{\"messages\":{json}}}" : json;
            return JsonParser.Default.Parse<Conversation>(wrapped);
        }
        catch (Exception e) when (e is InvalidJsonException or InvalidProtocolBufferException)
        {
            throw new UsageException(
                $"{origin} must hold [{{\"role\":\"user\",\"content\":\"…\"}}, …] with textual contents: {e.Message}");
        }
    }
}
