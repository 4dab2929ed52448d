using System.CommandLine;
using Grpc.Core;
using Grpc.Net.Client;
using SemCache.Client;
using SemCache.V1;

namespace SemCache.Cli;

/// <summary>A channel to the server that the global options name, with the deadline they set.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly TimeProvider _time;

    private ServerConnection(Uri server, TimeSpan timeout, TimeProvider time)
    {
        _channel = SemCacheChannel.ForAddress(server.OriginalString, new GrpcChannelOptions
        {
            // The server decides how large an entry may be; a limit here could only make an export fail.
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            // Proxies do not carry HTTP/2 without TLS.
            HttpHandler = new SocketsHttpHandler { UseProxy = server.Scheme == Uri.UriSchemeHttps },
            DisposeHttpClient = true,
        });
        _time = time;
        Server = server;
        Timeout = timeout;
        Cache = new SemanticCache.SemanticCacheClient(_channel);
        Admin = new Admin.AdminClient(_channel);
    }

    public Uri Server { get; }

    /// <summary>How long one answer may take.</summary>
    public TimeSpan Timeout { get; }

    public SemanticCache.SemanticCacheClient Cache { get; }

    public Admin.AdminClient Admin { get; }

    public static ServerConnection Open(ParseResult parse, CliContext context) => new(
        parse.GetRequiredValue(context.Global.Server),
        context.Global.GetTimeout(parse),
        context.Environment.Time);

    /// <summary>The options of a call that has one answer.</summary>
    public CallOptions Unary(CancellationToken cancellationToken) =>
        new(deadline: (_time.GetUtcNow() + Timeout).UtcDateTime, cancellationToken: cancellationToken);

    public void Dispose() => _channel.Dispose();
}
