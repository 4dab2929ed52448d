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
/// The status goes out behind an empty response, which clients of gRPC drop: the status decides. Translations for JSON know
/// no such thing; they are given an exception.
/// </remarks>
internal static class Refusal
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>Whether a call may be refused this way.</summary>
    /// <param name="failure">Why a call failed.</param>
    /// <param name="request">The call's HTTP request.</param>
    public static bool Fits(Exception? failure, Microsoft.AspNetCore.Http.HttpRequest request) =>
        failure is LimitReachedException && NativeGrpc.IsOf(request);

    /// <summary>Gives the call its status; what the handler returns is of no account any more.</summary>
    public static void Answer(ServerCallContext context, Status status)
    {
        context.Status = new Grpc.Core.Status((StatusCode)status.Code, status.Message);
        context.ResponseTrailers.Add(DetailsTrailer, status.ToByteArray());
    }

    /// <summary>
    /// The result of a call as another type. A call that has failed already hands on its exception unthrown; one that has
    /// succeeded already, as an exact hit has, waits for nothing.
    /// </summary>
    public static Task<TTo> Map<TFrom, TTo>(this Task<TFrom> call, Func<TFrom, TTo> map)
    {
        return call.IsCompletedSuccessfully ? Task.FromResult(map(call.Result))
            : call.IsFaulted ? Task.FromException<TTo>(call.Exception.InnerException!)
            : MapAsync();

        async Task<TTo> MapAsync() => map(await call);
    }
}
