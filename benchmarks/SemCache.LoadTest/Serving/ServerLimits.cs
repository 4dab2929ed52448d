using System.Globalization;
using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>Asks a server which limits it was started with.</summary>
internal static class ServerLimits
{
    /// <summary>Refuses a server that may answer a rewording from a recent match, without the search that is to be measured.</summary>
    /// <exception cref="NotMeasuredException">It keeps recent matches.</exception>
    public static async Task RequireSearchesAsync(ServerConnections connections, CancellationToken cancellation)
    {
        if (await RecentMatchesAsync(connections, cancellation) > 0)
        {
            throw new NotMeasuredException(
                "The server keeps recent matches, and would search for each rewording once only; start it with "
                + "--SemCache:Limits:MaxRecentMatches=0.");
        }
    }

    /// <summary>How many semantic hits it keeps for who asks in the same words again.</summary>
    public static async Task<int> RecentMatchesAsync(ServerConnections connections, CancellationToken cancellation)
    {
        GetConfigResponse config =
            await connections.First.Admin.GetConfigAsync(new GetConfigRequest(), cancellationToken: cancellation);
        return int.Parse(config.Options["Limits:MaxRecentMatches"], CultureInfo.InvariantCulture);
    }
}
