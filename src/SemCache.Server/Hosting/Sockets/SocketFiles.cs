using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using SemCache.Core;

namespace SemCache.Server.Hosting.Sockets;

/// <summary>
/// Makes the files of the Unix-domain sockets that the server listens on, and holds their locks as long as it lives: what a
/// dead process left behind is replaced, a path that is in use is refused.
/// </summary>
internal sealed partial class SocketFiles(IConfiguration configuration, ILogger<SocketFiles> logger)
    : IConfigureOptions<SocketTransportOptions>, IDisposable
{
    private readonly List<SocketFile> _files = [];

    /// <exception cref="CacheStartupException">A socket is configured wrongly; the message names every mistake.</exception>
    public void Configure(SocketTransportOptions options)
    {
        IReadOnlyList<SocketEndpoint> endpoints = SocketEndpoint.ReadAll(configuration);
        options.CreateBoundListenSocket = address =>
            address is UnixDomainSocketEndPoint
            && endpoints.FirstOrDefault(endpoint => endpoint.Path == address.ToString()) is { } endpoint
                ? Bind(endpoint)
                : SocketTransportOptions.CreateDefaultBoundListenSocket(address);
    }

    public void Dispose()
    {
        foreach (SocketFile file in _files)
        {
            file.Dispose();
        }
    }

    private Socket Bind(SocketEndpoint endpoint)
    {
        var file = SocketFile.Take(endpoint);
        _files.Add(file);
        if (file.RemoveStale())
        {
            StaleReplaced(logger, endpoint.Path);
        }

        return file.Bind();
    }

    [LoggerMessage(130, LogLevel.Warning, "The socket {Path} was left behind by a process that is gone: replaced")]
    private static partial void StaleReplaced(ILogger logger, string path);
}
