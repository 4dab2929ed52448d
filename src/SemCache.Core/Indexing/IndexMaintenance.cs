using System.Threading.Channels;

namespace SemCache.Core.Indexing;

/// <summary>
/// Keeps graphs up to date in the background: one index at a time, in turns, each with all the threads allowed.
/// </summary>
/// <remarks>Until <see cref="Start"/>, requests wait.</remarks>
internal sealed class IndexMaintenance(int threads, Action<Exception> onFailure) : IAsyncDisposable
{
    private readonly Channel<VectorIndex> _requests = Channel.CreateUnbounded<VectorIndex>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Asks for an index to be maintained; returns at once.</summary>
    public void Request(VectorIndex index) => _requests.Writer.TryWrite(index);

    /// <summary>Begins to serve requests.</summary>
    public void Start() => _loop = Task.Run(LoopAsync);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            await foreach (VectorIndex index in _requests.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                if (index.Maintain(threads))
                {
                    Request(index);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (Exception exception)
        {
            onFailure(exception);
        }
    }
}
