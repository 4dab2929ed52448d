using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace SemCache.Server.Hosting;

/// <summary>Tells calls whose messages are JSON from those that are read and written by marshallers.</summary>
internal static class TranscodedCall
{
    /// <summary>Whether a call came as JSON. What its headers say does not matter.</summary>
    public static bool IsTranscoded(this ServerCallContext context) =>
        context.GetHttpContext().GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null;
}
