using Google.Protobuf.WellKnownTypes;
using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>Turns an exported entry into the request that stores it again.</summary>
internal static class EntryToStore
{
    /// <summary>Maps the entry; false when its time is over. The new entry ends when the old one would have.</summary>
    public static bool TryMap(Entry entry, string? namespaceOverride, DateTimeOffset now, out StoreRequest request)
    {
        request = new StoreRequest
        {
            Namespace = namespaceOverride ?? entry.Namespace,
            Prompt = entry.Prompt,
            Response = entry.Response,
            Usage = entry.Usage,
        };
        request.Scope.Add(entry.Scope);
        request.Tags.Add(entry.Tags);
        if (entry.ExpiresAt is null)
        {
            return true;
        }

        var remaining = entry.ExpiresAt - now.ToTimestamp();
        request.Ttl = remaining;
        return remaining.Seconds > 0 || (remaining.Seconds == 0 && remaining.Nanos > 0);
    }
}
