using Grpc.Core;

namespace SemCache.Cli.Transfer;

/// <summary>Reads answers from a stream, with a limit on the wait for each of them.</summary>
internal static class StreamReading
{
    /// <summary>Waits for the next answer; false at the end of the stream.</summary>
    /// <exception cref="RpcException">The stream failed, or with DEADLINE_EXCEEDED nothing came in time.</exception>
    public static async Task<bool> MoveNextAsync<T>(
        this IAsyncStreamReader<T> answers, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        try
        {
            return await answers.MoveNext(patience.Token);
        }
        catch (RpcException e) when (
            e.StatusCode == StatusCode.Cancelled
            && patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "No answer in time.", e));
        }
    }
}
