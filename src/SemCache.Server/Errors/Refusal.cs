using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using SemCache.Core;
using SemCache.Server.Hosting;
using Status = Google.Rpc.Status;

namespace SemCache.Server.Errors;

/// <summary>
/// Refuses a call without an exception: under overload most calls are refused, and one that is thrown from method to method
/// costs more than all the rest of the refusal.
/// </summary>
/// <remarks>
/// The status goes out behind an empty response, which most clients of gRPC drop: the status decides. Their retry policies do not try
/// such a call again, as it has an answer; who is refused a lookup had better ask the model. JSON gets an exception.
/// </remarks>
internal static class Refusal
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>
    /// The result of a call of the engine as an answer of the contract; of one that is refused, an empty answer whose status says
    /// so, but for JSON. A call that has ended well already, as an exact hit has, waits for nothing.
    /// </summary>
    public static Task<TResponse> AnswerAsync<TResult, TResponse>(
        this Task<TResult> call, Func<TResult, TResponse> map, ErrorInterceptor errors, ServerCallContext context)
        where TResponse : new() =>
        call.IsCompletedSuccessfully ? Task.FromResult(map(call.Result)) : EndAsync(call, map, errors, context);

    private static async Task<TResponse> EndAsync<TResult, TResponse>(
        Task<TResult> call, Func<TResult, TResponse> map, ErrorInterceptor errors, ServerCallContext context)
        where TResponse : new()
    {
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.Exception?.InnerException is not LimitReachedException refusal || context.IsTranscoded())
        {
            return map(await call);
        }

        Status status = errors.StatusOf(refusal, context);
        context.Status = new Grpc.Core.Status((StatusCode)status.Code, status.Message);
        context.ResponseTrailers.Add(DetailsTrailer, status.ToByteArray());
        return new TResponse();
    }
}
