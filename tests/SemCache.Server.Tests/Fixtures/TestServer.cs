using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SemCache.Core.Matching.Guards;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>The server inside the test process, on real sockets, with a data folder of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder? _folder;

    private TestServer(WebApplication app, TemporaryFolder? folder, LogCollector log)
    {
        _app = app;
        _folder = folder;
        Log = log;
        Uri[] addresses = [.. app.Urls.Select(url => new Uri(url))];
        (GrpcAddress, HttpAddress) = (addresses[0], addresses[1]);
        Clients = new Clients(GrpcAddress, HttpAddress);
    }

    public LogCollector Log { get; }

    public Uri GrpcAddress { get; }

    public Uri HttpAddress { get; }

    public Clients Clients { get; }

    public SemanticCache.SemanticCacheClient Cache => Clients.Cache;

    public Admin.AdminClient Admin => Clients.Admin;

    public HttpClient Http => Clients.Http;

    /// <summary>Starts a server with an empty data folder that is deleted with it.</summary>
    /// <param name="options">Further command line arguments.</param>
    public static async Task<TestServer> StartAsync(params string[] options)
    {
        var folder = new TemporaryFolder();
        TestServer server = await StartAsync(folder, folder, [], options);
        await server.Clients.ReadyAsync();
        return server;
    }

    /// <summary>The same, with guards of the test's own beside the shipped ones.</summary>
    public static async Task<TestServer> StartGuardedAsync(IGuard[] guards, params string[] options)
    {
        var folder = new TemporaryFolder();
        TestServer server = await StartAsync(folder, folder, guards, options);
        await server.Clients.ReadyAsync();
        return server;
    }

    /// <summary>Starts a server on a data folder that outlives it, and waits until it has all its entries.</summary>
    public static async Task<TestServer> StartOnAsync(TemporaryFolder data, params string[] options)
    {
        TestServer server = await StartUnreadyOnAsync(data, options);
        await server.Clients.CompleteAsync();
        return server;
    }

    /// <summary>The same, without waiting for anything.</summary>
    public static Task<TestServer> StartUnreadyOnAsync(TemporaryFolder data, params string[] options) =>
        StartAsync(data, null, [], options);

    /// <summary>The same, without waiting until the server has recovered, and held where it logs an event.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="heldAt">Id of the event; <see cref="LogCollector.Release"/> lets the server go on.</param>
    /// <param name="options">Further command line arguments.</param>
    public static Task<TestServer> StartHeldOnAsync(TemporaryFolder data, int heldAt, params string[] options) =>
        StartAsync(data, null, [], options, heldAt);

    /// <summary>What a gauge of this server shows.</summary>
    public long Read(string gauge)
    {
        IMeterFactory meters = _app.Services.GetRequiredService<IMeterFactory>();
        long shown = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == gauge && instrument.Meter.Scope == meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => shown = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return shown;
    }

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder?.Dispose();
        Log.AssertNothingUnexpected();
    }

    private static async Task<TestServer> StartAsync(
        TemporaryFolder data, TemporaryFolder? owned, IGuard[] guards, string[] options, int? heldAt = null)
    {
        string[] arguments =
        [
            "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            "--Logging:Console:LogLevel:Default=None",
            "--SemCache:Model:Path=models/semcache-mini-v0",
            $"--SemCache:Storage:Path={data.File("data")}",
            .. options,
        ];
        var log = new LogCollector(heldAt);
        WebApplication app = SemCacheServer.Create(arguments, services =>
        {
            services.AddSingleton<ILoggerProvider>(log);
            foreach (IGuard guard in guards)
            {
                services.AddSingleton(guard);
            }
        });
        await app.StartAsync();
        return new TestServer(app, owned, log);
    }
}
