using Google.Rpc;
using Grpc.Core;
using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>
/// Stores a single item that the server had no room or no time for. It waits as long as the server asks, or longer and
/// longer while the server is unavailable, and gives up when waiting is not said to help.
/// </summary>
internal sealed class PatientStore(ServerConnection connection, TimeProvider time)
{
    private const int Attempts = 8;
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(30);

    /// <exception cref="RpcException">The server still refuses.</exception>
    public async Task<StoreResponse> StoreAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        var pause = _firstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await connection.Cache.StoreAsync(request, connection.Unary(cancellationToken));
            }
            catch (RpcException e) when (attempt < Attempts && PauseAfter(e, pause) is { } asked)
            {
                await Task.Delay(asked < _longestPause ? asked : _longestPause, time, cancellationToken);
                pause *= 2;
            }
        }
    }

    /// <summary>How long to wait before the next attempt; null when none would help.</summary>
    private static TimeSpan? PauseAfter(RpcException refusal, TimeSpan pause) =>
        refusal.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan()
        ?? (refusal.StatusCode == StatusCode.Unavailable ? pause : null);
}
