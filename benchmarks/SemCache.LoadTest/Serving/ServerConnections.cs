using Grpc.Net.Client;
using SemCache.Client;
using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>One HTTP/2 connection with the clients that use it.</summary>
internal sealed class ServerConnection(GrpcChannel channel) : IDisposable
{
    public SemanticCache.SemanticCacheClient Cache { get; } = new(channel);

    public Admin.AdminClient Admin { get; } = new(channel);

    public void Dispose() => channel.Dispose();
}

/// <summary>A fixed number of connections to one server.</summary>
internal sealed class ServerConnections : IDisposable
{
    // A server that is being restarted must be seen the moment it listens, not a back-off later.
    private static readonly TimeSpan _reconnectPause = TimeSpan.FromMilliseconds(5);

    private readonly ServerConnection[] _connections;
    private readonly ServerProcess? _process;

    /// <param name="address">Where the server listens.</param>
    /// <param name="count">How many connections.</param>
    /// <param name="process">The server, where this tool has started it.</param>
    public ServerConnections(Uri address, int count, ServerProcess? process = null)
    {
        Address = address;
        _process = process;
        _connections = [.. Enumerable.Range(0, count).Select(_ => Connect(address))];
    }

    public Uri Address { get; }

    public int Count => _connections.Length;

    /// <summary>What processors have worked for the server so far; null when it is not this tool's.</summary>
    public TimeSpan? ServerTime => _process?.ProcessorTime;

    public ServerConnection First => _connections[0];

    /// <summary>The connection of a worker: workers are dealt out evenly.</summary>
    public ServerConnection For(int worker) => _connections[worker % _connections.Length];

    public void Dispose()
    {
        foreach (ServerConnection connection in _connections)
        {
            connection.Dispose();
        }
    }

    private static ServerConnection Connect(Uri address) =>
        new(SemCacheChannel.ForAddress(address.OriginalString, new GrpcChannelOptions
        {
            // A handler of its own, and no second connection behind our back: the number of connections is measured with.
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false, UseProxy = false },
            DisposeHttpClient = true,
            ThrowOperationCanceledOnCancellation = true,
            InitialReconnectBackoff = _reconnectPause,
            MaxReconnectBackoff = _reconnectPause,
        }));
}
