using System.Threading.Channels;
using Grpc.Core;
using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>
/// One StoreMany call with a bounded number of unanswered items. One caller sends, <see cref="ReceiveAsync"/> hands out
/// the answers.
/// </summary>
internal sealed class StoreStream(
    AsyncDuplexStreamingCall<StoreManyRequest, StoreManyResponse> call, int window, TimeSpan timeout) : IDisposable
{
    /// <summary>Items that the server has not answered yet, in the order in which the answers will come.</summary>
    private readonly Channel<ImportItem> _unanswered = Channel.CreateBounded<ImportItem>(
        new BoundedChannelOptions(window) { SingleWriter = true, SingleReader = true });

    /// <summary>Sends an item, once the window has room for it.</summary>
    public async Task SendAsync(ImportItem item, CancellationToken cancellationToken)
    {
        await _unanswered.Writer.WriteAsync(item, cancellationToken);
        await call.RequestStream.WriteAsync(new StoreManyRequest { Store = item.Request }, cancellationToken);
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public async Task CompleteAsync()
    {
        _unanswered.Writer.Complete();
        await call.RequestStream.CompleteAsync();
    }

    /// <summary>Hands out each answer with its item, until all are answered and the call has ended well.</summary>
    public async Task ReceiveAsync(
        Func<ImportItem, StoreManyResponse, CancellationToken, Task> settle, CancellationToken cancellationToken)
    {
        await foreach (var item in _unanswered.Reader.ReadAllAsync(cancellationToken))
        {
            if (!await call.ResponseStream.MoveNextAsync(timeout, cancellationToken))
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "The server ended the stream."));
            }

            await settle(item, call.ResponseStream.Current, cancellationToken);
        }

        await call.ResponseStream.MoveNextAsync(timeout, cancellationToken);
    }

    public void Dispose() => call.Dispose();
}
