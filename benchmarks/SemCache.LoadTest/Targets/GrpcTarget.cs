using Grpc.Core;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Targets;

/// <summary>A call to a SemCache server over gRPC.</summary>
internal abstract class GrpcTarget(string name, ServerConnections connections) : ITarget
{
    public string Name { get; } = name;

    public async Task<CallOutcome> CallAsync(int lane, Random random, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(connections.For(lane), random, cancellation);
        }
        catch (RpcException failure) when (!cancellation.IsCancellationRequested)
        {
            return CallOutcome.Failed($"{failure.StatusCode}", failure.Status.Detail);
        }
    }

    /// <summary>Makes the call and checks the answer.</summary>
    protected abstract Task<CallOutcome> AskAsync(
        ServerConnection connection, Random random, CancellationToken cancellation);
}
