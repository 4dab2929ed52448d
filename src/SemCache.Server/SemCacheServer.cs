using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using SemCache.Core;
using SemCache.Server.Errors;
using SemCache.Server.Hosting;
using SemCache.Server.Hosting.Sockets;
using SemCache.Server.Services;

namespace SemCache.Server;

/// <summary>Builds the server: what is registered, and what is mapped where.</summary>
public static class SemCacheServer
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>
    /// Creates the server and begins to open its cache. Options come, later ones first, from the command line
    /// (<c>--SemCache:Key=value</c>), the environment (<c>SemCache__Key</c>), the file named by <c>--config</c>, and
    /// <c>appsettings.json</c> beside the program. Files are watched.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="register">Registers further services: guards of one's own, say.</param>
    public static WebApplication Create(string[] args, Action<IServiceCollection>? register = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        IReadOnlyList<ConfigurationFile> files = ConfigurationFile.AddAll(builder.Configuration, args);

        // Whoever starts the server gets the exception of a failed start and says it in one sentence: no stack trace before that.
        builder.Logging.AddFilter(HostCategory, LogLevel.None);
        builder.Services.AddSemCache(builder.Configuration);
        register?.Invoke(builder.Services);
        builder.Services.AddSingleton<CacheLifetime>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CacheLifetime>());
        builder.Services.AddSingleton<IConfigureOptions<HostOptions>, ShutdownTime>();
        builder.Services.AddSingleton<IConfigureOptions<SocketTransportOptions>, SocketFiles>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ConnectionLimits>();
        builder.Services.AddSingleton<ErrorInterceptor>();
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<ErrorInterceptor>()).AddJsonTranscoding(json =>
            json.TypeRegistry = TypeRegistry.FromMessages(BadRequest.Descriptor, RetryInfo.Descriptor));
        builder.Services.AddSingleton<IConfigureOptions<Grpc.AspNetCore.Server.GrpcServiceOptions>, MessageSizes>();
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks(health => health.Services.Map("", _ => true))
            .AddCheck<ReadinessCheck>(ReadinessCheck.Name);
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.UseHealthChecksCache = false);
        Telemetry.Add(builder);

        WebApplication app = builder.Build();
        foreach (ConfigurationFile file in files)
        {
            file.LogTo(app.Logger);
        }

        ThreadCount.Raise(app.Services.GetRequiredService<Core.SemanticCache>().Limits);
        app.Services.GetRequiredService<CacheLifetime>().BeginOpening();
        // Native gRPC has nothing to do with what translates for others.
        app.UseWhen(static context => !NativeGrpc.IsOf(context.Request), static others =>
        {
            others.UseJsonByDefault();
            others.UseStrictJson();
            others.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        });
        app.MapGrpcService<SemanticCacheService>();
        app.MapGrpcService<AdminService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        app.MapHealthChecks("/healthz", new() { Predicate = _ => false });
        app.MapHealthChecks("/readyz", new() { ResponseWriter = ReadinessResponse.WriteAsync });
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }
}
