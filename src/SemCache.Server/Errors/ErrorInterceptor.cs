using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Status = Google.Rpc.Status;

namespace SemCache.Server.Errors;

/// <summary>Turns exceptions of services into statuses; logs the unexpected ones, once.</summary>
internal sealed partial class ErrorInterceptor(TimeProvider time, ILogger<ErrorInterceptor> logger) : Interceptor
{
    private static readonly TimeSpan _untilToldOfLeave = TimeSpan.FromSeconds(1);

    // Written out: a closure a call would be garbage of the shortest lookups.
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw StatusOf(exception, context).ToRpcException();
        }
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => continuation(request, responseStream, context), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => continuation(requestStream, responseStream, context), context);

    /// <summary>The status for an exception; an unexpected one is logged.</summary>
    public Status StatusOf(Exception exception, ServerCallContext context)
    {
        Status status = ErrorStatus.Of(exception, deadlinePassed: context.Deadline <= time.GetUtcNow().UtcDateTime);
        if (status.Code == (int)Code.Internal)
        {
            Unexpected(logger, context.Method, exception);
        }

        return status;
    }

    private static async Task AnsweredAsync(Func<Task> call, ServerCallContext context)
    {
        try
        {
            await call();
        }
        catch (InvalidOperationException)
        {
            // gRPC refuses a write to a stream that the client has just left a moment before the token says so.
            await Task.Delay(_untilToldOfLeave, context.CancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.CancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async Task GuardAsync(Func<Task> call, ServerCallContext context)
    {
        try
        {
            await AnsweredAsync(call, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw StatusOf(exception, context).ToRpcException();
        }
    }

    [LoggerMessage(110, LogLevel.Error, "{Method} failed unexpectedly")]
    private static partial void Unexpected(ILogger logger, string method, Exception exception);
}
