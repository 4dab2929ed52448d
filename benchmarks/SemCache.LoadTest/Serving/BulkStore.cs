using Grpc.Core;
using SemCache.LoadTest.Commands;
using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>Fills a server over several StoreMany streams.</summary>
/// <param name="streams">How many streams; they are dealt out over the connections.</param>
/// <param name="count">How many stores.</param>
/// <param name="requestOf">Makes a store when it is sent: all of them together could fill memory.</param>
internal sealed class BulkStore(int streams, int count, Func<int, StoreRequest> requestOf)
{
    /// <summary>Stores everything; returns when every store is acknowledged.</summary>
    /// <exception cref="NotMeasuredException">A store was refused.</exception>
    public async Task RunAsync(ServerConnections connections, CancellationToken cancellation)
    {
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => Task.Run(
            () => StoreShareAsync(connections.For(stream), stream, failure), CancellationToken.None)));
    }

    private async Task StoreShareAsync(ServerConnection connection, int stream, CancellationTokenSource failure)
    {
        try
        {
            using AsyncDuplexStreamingCall<StoreManyRequest, StoreManyResponse> call =
                connection.Cache.StoreMany(cancellationToken: failure.Token);
            Task writing = WriteShareAsync(call.RequestStream, stream, failure.Token);
            int answered = 0;
            await foreach (StoreManyResponse answer in call.ResponseStream.ReadAllAsync(failure.Token))
            {
                ThrowIfRefused(answer);
                answered++;
            }

            await writing;
            int expected = (count - stream + streams - 1) / streams;
            if (answered != expected)
            {
                throw new NotMeasuredException($"StoreMany answered {answered} of {expected} items.");
            }
        }
        catch
        {
            // The other streams would go on filling a server that is given up.
            await failure.CancelAsync();
            throw;
        }
    }

    private async Task WriteShareAsync(
        IClientStreamWriter<StoreManyRequest> writer, int stream, CancellationToken cancellation)
    {
        for (int i = stream; i < count; i += streams)
        {
            await writer.WriteAsync(new StoreManyRequest { Store = requestOf(i) }, cancellation);
        }

        await writer.CompleteAsync();
    }

    private static void ThrowIfRefused(StoreManyResponse answer)
    {
        if (answer.Error is { } error)
        {
            throw new NotMeasuredException($"A store failed with {(StatusCode)error.Code}: {error.Message}");
        }

        if (answer.Stored.NotAdmitted != NotAdmittedReason.Unspecified)
        {
            throw new NotMeasuredException($"A store was refused: {answer.Stored.Message}");
        }
    }
}
