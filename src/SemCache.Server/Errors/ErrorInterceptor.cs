using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Status = Google.Rpc.Status;

namespace SemCache.Server.Errors;

/// <summary>Turns exceptions of services into statuses; logs the unexpected ones, once.</summary>
internal sealed partial class ErrorInterceptor(TimeProvider time, ILogger<ErrorInterceptor> logger) : Interceptor
{
    private static readonly TimeSpan _untilToldOfLeave = TimeSpan.FromSeconds(1);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => continuation(request, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => Answered(continuation(request, responseStream, context), context), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => Answered(continuation(requestStream, responseStream, context), context), context);

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

    private static async Task<bool> Answered(Task call, ServerCallContext context)
    {
        try
        {
            await call;
            return true;
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

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, ServerCallContext context)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw StatusOf(exception, context).ToRpcException();
        }
    }

    [LoggerMessage(110, LogLevel.Error, "{Method} failed unexpectedly")]
    private static partial void Unexpected(ILogger logger, string method, Exception exception);
}
