using Grpc.Core;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Targets;

/// <summary>A call to a SemCache server over gRPC.</summary>
internal abstract class GrpcTarget(string name, ServerConnections connections) : ITarget
{
    public string Name { get; } = name;

    public TimeSpan? ServerTime => connections.ServerTime;

    public Task<CallOutcome> CallAsync(int lane, Random random, CancellationToken cancellation) =>
        AskAsync(connections.For(lane), random, cancellation);

    /// <summary>Makes the call and checks the answer.</summary>
    protected abstract Task<CallOutcome> AskAsync(
        ServerConnection connection, Random random, CancellationToken cancellation);

    /// <summary>
    /// What becomes of a call. A failure is not thrown: under overload most calls fail, and whoever sends them must not be what is
    /// slow.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="state">What is needed to check the answer.</param>
    /// <param name="check">Checks the answer.</param>
    /// <param name="cancellation">The call's own.</param>
    protected static async Task<CallOutcome> EndAsync<TAnswer, TState>(
        AsyncUnaryCall<TAnswer> call, TState state, Func<TAnswer, TState, CallOutcome> check, CancellationToken cancellation)
    {
        Task<TAnswer> answer = call.ResponseAsync;
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.Exception?.InnerException is RpcException failure && !cancellation.IsCancellationRequested
            ? CallOutcome.Failed($"{failure.StatusCode}", failure.Status.Detail)
            : check(await answer, state);
    }
}
