using System.CommandLine;
using Grpc.Core;
using SemCache.LoadTest.Commands;
using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>The two options that say which server is measured.</summary>
internal sealed class ServerTargetOptions
{
    private readonly Option<Uri?> _server = new("--server")
    {
        Description = "The server's gRPC address. Default: http://127.0.0.1:5080",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address))
            {
                result.AddError("--server must be a URL such as http://127.0.0.1:5080.");
            }

            return address;
        },
    };

    // The prompts of a scenario are asked again and again, and a semantic hit is to be measured with its search.
    private const string NoRecentMatches = "--SemCache:Limits:MaxRecentMatches=0";

    private readonly Option<FileInfo> _start = CommonOptions.Start();

    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_start);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_server) is not null && result.GetResult(_start) is not null)
            {
                result.AddError("Give --server or --start, not both.");
            }
        });
    }

    /// <summary>The server that is asked for, started if need be but not yet ready.</summary>
    public ServerTarget Open(ParseResult options) => options.GetValue(_start) is { } program
        ? new ServerTarget(program, NoRecentMatches)
        : new ServerTarget(options.GetValue(_server) ?? new Uri("http://127.0.0.1:5080"));

    /// <summary>One more server, with default options; null when servers are not for this tool to start.</summary>
    public ServerTarget? OpenSecond(ParseResult options) =>
        options.GetValue(_start) is { } program ? new ServerTarget(program) : null;
}

/// <summary>The server that is measured: somebody else's, or one of our own that ends with this object.</summary>
internal sealed class ServerTarget : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly ServerProcess? _process;

    public ServerTarget(Uri address) => Address = address;

    public ServerTarget(FileInfo program, params IEnumerable<string> options)
    {
        _folder = new TemporaryFolder();
        _process = ServerProcess.Start(program, _folder.Path, options);
        Address = _process.GrpcAddress;
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

        var connected = new ServerConnections(Address, connections);
        try
        {
            await connected.First.Admin.PingAsync(new PingRequest(), cancellationToken: cancellation);
            return connected;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
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
