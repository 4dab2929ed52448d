using System.CommandLine;
using Grpc.Core;
using SemCache.Client;
using SemCache.LoadTest.Commands;
using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>The options that say which server is measured.</summary>
internal sealed class ServerTargetOptions
{
    private readonly Option<Uri?> _server = new("--server")
    {
        Description = "The server's gRPC address, a URL or unix:/path. Default: http://127.0.0.1:5080",
        HelpName = "URL",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
                || !(address.Scheme is "http" or "https" || SemCacheChannel.TryParseSocket(text, out _)))
            {
                result.AddError("--server must be a URL such as http://127.0.0.1:5080, or unix:/path.");
            }

            return address;
        },
    };

    // The prompts of a scenario are asked again and again, and a semantic hit is to be measured with its search.
    public const string NoRecentMatches = "--SemCache:Limits:MaxRecentMatches=0";

    private readonly Option<FileInfo> _start = CommonOptions.Start();

    private readonly Option<bool> _socket = new("--socket")
    {
        Description = "With --start: calls the server through a Unix-domain socket instead of TCP.",
    };

    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_start);
        command.Add(_socket);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_server) is not null && result.GetResult(_start) is not null)
            {
                result.AddError("Give --server or --start, not both.");
            }

            if (result.GetValue(_socket) && result.GetResult(_start) is null)
            {
                result.AddError("--socket needs --start.");
            }
        });
    }

    /// <summary>The server that is asked for, started if need be but not yet ready.</summary>
    public ServerTarget Open(ParseResult options) => options.GetValue(_start) is { } program
        ? new ServerTarget(program, options.GetValue(_socket), NoRecentMatches)
        : new ServerTarget(options.GetValue(_server) ?? new Uri("http://127.0.0.1:5080"));

    /// <summary>One more server, with default options; null when servers are not for this tool to start.</summary>
    public ServerTarget? OpenSecond(ParseResult options) =>
        options.GetValue(_start) is { } program
            ? new ServerTarget(program, options.GetValue(_socket))
            : null;
}

/// <summary>The server that is measured: somebody else's, or one of our own that ends with this object.</summary>
internal sealed class ServerTarget : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly ServerProcess? _process;

    public ServerTarget(Uri address) => Address = address;

    public ServerTarget(FileInfo program, bool overSocket, params IEnumerable<string> options)
    {
        _folder = new TemporaryFolder();
        string socket = Path.Combine(_folder.Path, "socket");
        string[] endpoint = overSocket ? [$"--Kestrel:Endpoints:Grpc:Url=http://unix:{socket}"] : [];
        _process = ServerProcess.Start(program, Path.Combine(_folder.Path, "data"), [.. endpoint, .. options]);
        Address = overSocket ? new Uri($"unix:{socket}") : _process.GrpcAddress;
    }

    public Uri Address { get; }

    /// <summary>Connects as soon as the server answers.</summary>
    /// <exception cref="NotMeasuredException">It does not.</exception>
    public async Task<ServerConnections> ConnectAsync(int connections, CancellationToken cancellation)
    {
        if (_process is not null)
        {
            await _process.WaitUntilReadyAsync(cancellation);
        }

        var connected = new ServerConnections(Address, connections, _process);
        try
        {
            await connected.First.Admin.PingAsync(new PingRequest(), cancellationToken: cancellation);
            return connected;
        }
        catch (RpcException failure)
        {
            connected.Dispose();
            throw new NotMeasuredException($"No server answers at {Address} ({failure.Status.Detail})", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder?.Dispose();
    }
}
