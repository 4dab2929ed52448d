using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using SemCache.Core;
using Status = Google.Rpc.Status;

namespace SemCache.Server.Errors;

/// <summary>The one place where exceptions become gRPC statuses.</summary>
internal static class ErrorStatus
{
    private const string InternalMessage = "Internal error; the server's log has the details.";

    /// <summary>The status of a failed call.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="deadlinePassed">Whether the call's deadline is over, which is why a call may be cancelled.</param>
    public static Status Of(Exception exception, bool deadlinePassed) => exception switch
    {
        InvalidRequestException invalid => WithDetail(Code.InvalidArgument, invalid.Message, new BadRequest
        {
            FieldViolations =
            {
                new BadRequest.Types.FieldViolation { Field = invalid.Field, Description = invalid.Problem },
            },
        }),
        LimitReachedException { RetryAfter: { } retryAfter } limit => WithDetail(
            Code.ResourceExhausted,
            limit.Message,
            new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }),
        LimitReachedException limit => Plain(Code.ResourceExhausted, limit.Message),
        CacheUnavailableException unavailable => Plain(Code.Unavailable, unavailable.Message),
        EntryNotFoundException notFound => Plain(Code.NotFound, notFound.Message),
        TimeoutException timeout => Plain(Code.DeadlineExceeded, timeout.Message),
        OperationCanceledException when deadlinePassed => Plain(Code.DeadlineExceeded, "The deadline is over."),
        OperationCanceledException => Plain(Code.Cancelled, "The call was cancelled."),

        // The engine lets no I/O error of its own out: this is the connection, whose client is gone.
        IOException => Plain(Code.Cancelled, "The client ended the call."),
        _ => Plain(Code.Internal, InternalMessage),
    };

    private static Status Plain(Code code, string message) => new() { Code = (int)code, Message = message };

    private static Status WithDetail(Code code, string message, Google.Protobuf.IMessage detail)
    {
        Status status = Plain(code, message);
        status.Details.Add(Any.Pack(detail));
        return status;
    }
}
