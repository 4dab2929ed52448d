using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SemCache.Server;

namespace SemCache.Cli.Tests;

/// <summary>The real server on a free port, with an empty log.</summary>
public class ServerFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private readonly WebApplication _server;

    public ServerFixture()
        : this([])
    {
    }

    protected ServerFixture(params string[] options)
    {
        _server = SemCacheServer.Create(
        [
            "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:Grpc:Protocols=Http2",
            "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=None",
            "--SemCache:Model:Path=models/semcache-mini-v0",
            $"--SemCache:Storage:Path={_data.Path("log")}",
            .. options,
        ]);
    }

    /// <summary>Address of the gRPC port.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The cache behind the server.</summary>
    internal Core.SemanticCache Engine => _server.Services.GetRequiredService<Core.SemanticCache>();

    public virtual async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        Address = _server.Urls.First();
        for (var attempt = 0; (await RunAsync("stats")).ExitCode != ExitCode.Ok && attempt < 200; attempt++)
        {
            await Task.Delay(50);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a command against this server.</summary>
    internal Task<CliRun> RunAsync(params string[] args) => CliRun.ExecuteAsync("", args, Address);
}
