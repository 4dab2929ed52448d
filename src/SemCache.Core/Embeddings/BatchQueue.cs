using System.Threading.Channels;

namespace SemCache.Core.Embeddings;

/// <summary>
/// Work that waits for a model. Workers of its own take what waits at the same moment as one batch, so that the model
/// never runs on a request's thread. Work that is cancelled before its turn is passed over.
/// </summary>
/// <typeparam name="TWork">What the model is given.</typeparam>
/// <typeparam name="TResult">What it answers.</typeparam>
internal sealed class BatchQueue<TWork, TResult> : IAsyncDisposable
{
    private readonly BatchLimits _limits;
    private readonly Func<TWork, int> _tokens;
    private readonly Func<TWork[], TResult[]> _run;
    private readonly Channel<Item> _queue;
    private readonly Task[] _workers;

    /// <param name="limits">How much may wait, and how much makes a batch.</param>
    /// <param name="workers">Batches that may run at the same time.</param>
    /// <param name="tokens">Tokens of one piece of work: a batch is as wide as its longest.</param>
    /// <param name="run">
    /// Runs a batch; results in the order of the work. What it throws is thrown to all who wait.
    /// </param>
    public BatchQueue(BatchLimits limits, int workers, Func<TWork, int> tokens, Func<TWork[], TResult[]> run)
    {
        _limits = limits;
        _tokens = tokens;
        _run = run;
        _queue = Channel.CreateBounded<Item>(limits.Waiting);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Pieces of work that wait.</summary>
    public int Length => _queue.Reader.Count;

    /// <summary>Queues work; null when too much waits already.</summary>
    public Task<TResult>? TryRunAsync(TWork work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancellationToken);
        }

        var item = new Item(work, cancellationToken);
        return _queue.Writer.TryWrite(item) ? WaitAsync(item, cancellationToken) : null;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(false);
    }

    private static async Task<TResult> WaitAsync(Item item, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static state => ((Item)state!).Cancel(), item);
        return await item.Task.ConfigureAwait(false);
    }

    private async Task WorkAsync()
    {
        var batch = new List<Item>(_limits.Size);
        Item? held = null;
        while (held is not null || await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            held = Gather(batch, held);
            if (batch.Count > 0)
            {
                Run(batch);
                batch.Clear();
            }
        }
    }

    // Takes what waits, up to the limits of a batch. Returns the item that no longer fitted.
    private Item? Gather(List<Item> batch, Item? held)
    {
        int longest = 0;
        while (batch.Count < _limits.Size)
        {
            Item? next = held;
            held = null;
            if (next is null && !_queue.Reader.TryRead(out next))
            {
                return null;
            }

            if (next.Task.IsCompleted)
            {
                continue;
            }

            longest = Math.Max(longest, _tokens(next.Work));
            if (batch.Count > 0 && longest * (batch.Count + 1) > _limits.Tokens)
            {
                return next;
            }

            batch.Add(next);
        }

        return null;
    }

    private void Run(List<Item> batch)
    {
        try
        {
            TResult[] results = _run([.. batch.Select(item => item.Work)]);
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].TrySetResult(results[i]);
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, it belongs to those who wait: a worker that ended would leave all later ones waiting.
            foreach (Item item in batch)
            {
                item.TrySetException(exception);
            }
        }
    }

    private sealed class Item(TWork work, CancellationToken cancellationToken)
        : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TWork Work { get; } = work;

        public void Cancel() => TrySetCanceled(cancellationToken);
    }
}

/// <summary>How much may wait for a model, and how much makes a batch.</summary>
/// <param name="Waiting">Most pieces of work that may wait.</param>
/// <param name="Size">Most pieces of work in a batch.</param>
/// <param name="Tokens">Most tokens in a batch of more than one, padding included.</param>
internal readonly record struct BatchLimits(int Waiting, int Size, int Tokens);
