using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>The clients of one server.</summary>
public sealed class Clients : IDisposable
{
    private readonly GrpcChannel _channel;

    public Clients(Uri grpc, Uri http)
    {
        _channel = GrpcChannel.ForAddress(grpc, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
        Invoker = _channel.Intercept(new DefaultDeadline());
        Cache = new SemanticCache.SemanticCacheClient(Invoker);
        Admin = new Admin.AdminClient(Invoker);
        Http = new HttpClient { BaseAddress = http, Timeout = TimeSpan.FromSeconds(60) };
    }

    public CallInvoker Invoker { get; }

    public SemanticCache.SemanticCacheClient Cache { get; }

    public Admin.AdminClient Admin { get; }

    public HttpClient Http { get; }

    /// <summary>Waits until the server says that it is ready; recovery may take its time.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            using HttpResponseMessage response = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return response.IsSuccessStatusCode;
        },
        "/readyz");

    /// <summary>Waits until searches find all entries that were there at the start.</summary>
    public Task CompleteAsync() => Eventually.TrueAsync(
        async () =>
        {
            using HttpResponseMessage response = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
            string text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode && !text.Contains("have no vector", StringComparison.Ordinal);
        },
        "all entries to have their vectors");

    public void Dispose()
    {
        Http.Dispose();
        _channel.Dispose();
    }
}
