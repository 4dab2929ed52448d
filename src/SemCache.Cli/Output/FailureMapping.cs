using System.Text.Json;
using Grpc.Core;
using SemCache.Cli.Models.Download;
using SemCache.Core;
using SemCache.Core.Storage;
using SemCache.Core.Storage.Backup;

namespace SemCache.Cli.Output;

/// <summary>The one place that turns exceptions into exit codes and sentences.</summary>
internal static class FailureMapping
{
    public static Failure Map(Exception exception, Uri server, TimeSpan timeout, bool interrupted) => exception switch
    {
        _ when interrupted => new(ExitCode.Interrupted, "INTERRUPTED", "Interrupted."),
        RpcException rpc => Map(rpc, server, timeout),
        UsageException or FolderRefusedException => Failure.Usage(exception.Message),
        InvalidBackupException => new(
            ExitCode.Damaged, "DAMAGED", $"The backup cannot be used: {exception.Message}."),
        FileNotFoundException or DirectoryNotFoundException => Failure.Usage(exception.Message),
        IOException or UnauthorizedAccessException or InvalidDataException or CacheUnavailableException
            or LimitReachedException => new(ExitCode.Unexpected, "IO", exception.Message),
        DownloadException download => new(download.ExitCode, download.Code, download.Message),
        CacheStartupException => new(ExitCode.Unexpected, "STARTUP", exception.Message),
        PartlyFailedException => new(ExitCode.PartlyFailed, "PARTLY_FAILED", exception.Message),
        _ => new(
            ExitCode.Unexpected, "UNEXPECTED", $"Unexpected error ({exception.GetType().Name}): {exception.Message}"),
    };

    private static Failure Map(RpcException rpc, Uri server, TimeSpan timeout)
    {
        var code = Name(rpc.StatusCode);
        if (rpc.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.HttpProtocolError })
        {
            return new(ExitCode.Unavailable, Name(StatusCode.Unavailable),
                $"{server} answers, but not in HTTP/2: give the address of the server's gRPC port.");
        }

        if (rpc.Status.DebugException is HttpRequestException or System.Net.Sockets.SocketException)
        {
            return new(ExitCode.Unavailable, Name(StatusCode.Unavailable),
                $"Cannot reach a SemCache server at {server}: {rpc.Status.DebugException.GetBaseException().Message}");
        }

        return rpc.StatusCode switch
        {
            StatusCode.Unavailable =>
                new(ExitCode.Unavailable, code, $"The server at {server} is unavailable: {rpc.Status.Detail}"),
            StatusCode.DeadlineExceeded =>
                new(ExitCode.Unavailable, code,
                    $"No answer from {server} within {Humanized.Time(timeout)} (--timeout)."),
            StatusCode.Unimplemented =>
                new(ExitCode.Unexpected, code, $"The server at {server} does not know this call: {rpc.Status.Detail}"),
            StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.OutOfRange or StatusCode.AlreadyExists
                or StatusCode.FailedPrecondition or StatusCode.Unauthenticated or StatusCode.PermissionDenied =>
                new(ExitCode.Refused, code, $"The server refused the request: {rpc.Status.Detail}"),
            StatusCode.ResourceExhausted =>
                new(ExitCode.LimitReached, code, $"A limit of the server is reached: {rpc.Status.Detail}"),
            _ => new(ExitCode.Unexpected, code, $"The server failed ({code}): {rpc.Status.Detail}"),
        };
    }

    /// <summary>The status as protocol and documentation spell it: INVALID_ARGUMENT.</summary>
    private static string Name(StatusCode code) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());
}
