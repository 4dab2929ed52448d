using System.Globalization;
using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>Asks a server which limits it was started with.</summary>
internal static class ServerLimits
{
    /// <summary>How many semantic hits it keeps for who asks in the same words again.</summary>
    public static async Task<int> RecentMatchesAsync(ServerConnections connections, CancellationToken cancellation)
    {
        GetConfigResponse config =
            await connections.First.Admin.GetConfigAsync(new GetConfigRequest(), cancellationToken: cancellation);
        return int.Parse(config.Options["Limits:MaxRecentMatches"], CultureInfo.InvariantCulture);
    }
}
