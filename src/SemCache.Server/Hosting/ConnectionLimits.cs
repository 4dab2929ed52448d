using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace SemCache.Server.Hosting;

/// <summary>
/// What one connection may take, by default and as <c>Kestrel:Limits</c> says instead. A client that does not read what it asked
/// for holds a window of it and no more, and loses its connection in the end: each write has as long as it takes at
/// <see cref="BytesPerSecond"/>, and <see cref="_grace"/> at the least. One that is gone without a word loses it by a ping that nobody
/// answers.
/// </summary>
internal sealed class ConnectionLimits(IConfiguration configuration) : IConfigureOptions<KestrelServerOptions>
{
    private const double BytesPerSecond = 240;

    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    public void Configure(KestrelServerOptions options)
    {
        KestrelServerLimits limits = options.Limits;
        limits.MinResponseDataRate = new MinDataRate(BytesPerSecond, _grace);
        // Not for streams, which gRPC exempts: these may be silent for as long as they like.
        limits.MinRequestBodyDataRate = new MinDataRate(BytesPerSecond, _grace);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
        limits.MaxConcurrentConnections = 10_000;
        limits.Http2.MaxStreamsPerConnection = 256;
        limits.Http2.InitialStreamWindowSize = 768 << 10;
        limits.Http2.InitialConnectionWindowSize = 1 << 20;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromMinutes(1);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        configuration.GetSection("Kestrel:Limits").Bind(limits);
    }
}
