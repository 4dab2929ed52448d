using Grpc.AspNetCore.Server;
using Microsoft.Extensions.Options;
using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>
/// Derives the transport's largest message from the engine's limits. Wide enough that a request beyond those limits
/// still reaches the engine and is told which field is too large.
/// </summary>
internal sealed class MessageSizes(SemanticCache cache) : IConfigureOptions<GrpcServiceOptions>
{
    private const int Slack = 4;

    public void Configure(GrpcServiceOptions options)
    {
        LimitsOptions limits = cache.Limits;
        long largest = (long)limits.MaxPromptBytes + limits.MaxResponseBytes + limits.MaxScopeBytes
            + ((long)limits.MaxTags * limits.MaxTagBytes);
        options.MaxReceiveMessageSize = (int)Math.Min(Slack * largest, int.MaxValue);
        options.MaxSendMessageSize = null;
    }
}
