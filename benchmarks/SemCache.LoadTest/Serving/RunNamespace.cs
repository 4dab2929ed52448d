using Grpc.Core;
using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>A namespace that no other run uses, emptied when this object is disposed of.</summary>
internal sealed class RunNamespace(ServerConnections connections, string purpose) : IAsyncDisposable
{
    public string Name { get; } = $"loadtest-{purpose}-{Guid.NewGuid():N}";

    public async ValueTask DisposeAsync()
    {
        try
        {
            await connections.First.Cache.InvalidateAsync(
                new InvalidateRequest { Namespace = Name, EntireNamespace = true });
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
        {
            // The server is gone. Whatever made the run fail is on its way up and must not be hidden by this.
        }
    }
}
