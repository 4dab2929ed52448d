using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using Grpc.Net.Client;

namespace SemCache.Client;

/// <summary>Channels to a server, over TCP or over a Unix-domain socket of the same machine.</summary>
public static class SemCacheChannel
{
    private const string UnixScheme = "unix:";
    private const int MaxPathBytes = 107;

    // What a request names as its host; a socket's file has none.
    private const string SocketHost = "http://localhost";

    /// <summary>Creates a channel. Nothing is connected before the first call.</summary>
    /// <param name="address">
    /// <c>http://host:port</c>, <c>https://host:port</c>, or <c>unix:/path</c> for a Unix-domain socket, whose path takes at
    /// most 107 bytes.
    /// </param>
    /// <param name="options">
    /// The channel's options. For a Unix-domain socket, <see cref="GrpcChannelOptions.HttpHandler"/> must be a
    /// <see cref="SocketsHttpHandler"/>, which then connects to that socket only, or null.
    /// </param>
    /// <exception cref="ArgumentException">The address is none, or the handler cannot connect to a socket.</exception>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new GrpcChannelOptions();
        if (!TryParseSocket(address, out string? path))
        {
            return Uri.TryCreate(address, UriKind.Absolute, out Uri? server) && server.Scheme is "http" or "https"
                ? GrpcChannel.ForAddress(server, options)
                : throw new ArgumentException(
                    $"'{address}' is neither http://host:port, https://host:port nor unix:/path with a path of at most "
                    + $"{MaxPathBytes} bytes.",
                    nameof(address));
        }

        (HttpMessageHandler? given, bool disposes) = (options.HttpHandler, options.DisposeHttpClient);
        if (given is not (null or SocketsHttpHandler))
        {
            throw new ArgumentException(
                $"A channel to {address} needs a {nameof(SocketsHttpHandler)}, not a {given.GetType().Name}.",
                nameof(options));
        }

        var handler = (SocketsHttpHandler?)given ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.UseProxy = false;
        handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken);
        try
        {
            options.HttpHandler = handler;
            options.DisposeHttpClient = disposes || given is null;
            return GrpcChannel.ForAddress(SocketHost, options);
        }
        finally
        {
            // The options are the caller's, who may use them for another channel.
            options.HttpHandler = given;
            options.DisposeHttpClient = disposes;
        }
    }

    /// <summary>Whether an address names a Unix-domain socket: <c>unix:/path</c>, or <c>unix:///path</c>.</summary>
    /// <param name="address">The address.</param>
    /// <param name="path">The path of the socket's file, absolute and of at most 107 bytes; null when it names none.</param>
    public static bool TryParseSocket(string address, [NotNullWhen(true)] out string? path)
    {
        ArgumentNullException.ThrowIfNull(address);
        path = null;
        if (!address.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string rest = address[UnixScheme.Length..];
        if (rest.StartsWith("///", StringComparison.Ordinal))
        {
            rest = rest[2..];
        }

        if (!Path.IsPathRooted(rest) || Encoding.UTF8.GetByteCount(rest) > MaxPathBytes)
        {
            return false;
        }

        path = rest;
        return true;
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
