using System.Threading.Channels;
using Grpc.Core;

namespace SemCache.Server.Services;

/// <summary>
/// Answers a stream of requests in their order while several of them are worked on at the same time.
/// </summary>
internal static class OrderedStream
{
    /// <param name="requests">The requests; read only as fast as answers leave.</param>
    /// <param name="responses">Receives one answer a request, in order.</param>
    /// <param name="concurrency">Most requests in work at a time.</param>
    /// <param name="answer">Answers one request; must not throw for one that is merely wrong.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async Task RunAsync<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests,
        IServerStreamWriter<TResponse> responses,
        int concurrency,
        Func<TRequest, CancellationToken, Task<TResponse>> answer,
        CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inWork = Channel.CreateBounded<Task<TResponse>>(Math.Max(1, concurrency - 1));
        Task reading = ReadAsync();
        try
        {
            await foreach (Task<TResponse> response in inWork.Reader.ReadAllAsync(ended.Token))
            {
                await responses.WriteAsync(await response, ended.Token);
            }
        }
        finally
        {
            // Reached early when the client is gone: nothing more is read, and what is in work is told to stop.
            await ended.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task ReadAsync()
        {
            Exception? failure = null;
            try
            {
                while (await inWork.Writer.WaitToWriteAsync(ended.Token) && await requests.MoveNext(ended.Token))
                {
                    Task<TResponse> response = answer(requests.Current, ended.Token);
                    bool cameAtOnce = response.IsCompleted;
                    inWork.Writer.TryWrite(response);
                    if (cameAtOnce)
                    {
                        // A long stream of such answers would keep this thread from everybody else.
                        await Task.Yield();
                    }
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            inWork.Writer.TryComplete(failure);
        }
    }
}
