using System.Collections.Concurrent;
using System.Threading.Channels;

namespace SemCache.Core.Indexing;

/// <summary>
/// Keeps graphs up to date in the background: one index at a time, in turns, each with all the threads allowed.
/// </summary>
/// <remarks>
/// Until it is started, requests wait. What fails with one index does not concern the others: it is scanned until,
/// after a rest, its graph is made anew.
/// </remarks>
/// <param name="threads">Threads that link at a time, at least 1.</param>
/// <param name="onFailure">Told what an index failed with.</param>
internal sealed class IndexMaintenance(int threads, Action<Exception> onFailure) : IAsyncDisposable
{
    // Between a failure with an index and the next attempt.
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(10);

    private readonly Channel<VectorIndex> _requests = Channel.CreateUnbounded<VectorIndex>(
        new UnboundedChannelOptions { SingleReader = true });

    // What was asked for before all was recovered, until it is done: the keys of a set.
    private readonly ConcurrentDictionary<VectorIndex, bool> _first = new();
    private readonly TaskCompletionSource _caughtUp = NewSignal();
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource _turn = NewSignal();
    private volatile bool _isRecovered;
    private volatile bool _hasEnded;
    private int _isDisposed;
    private Task _loop = Task.CompletedTask;

    /// <summary>Ends when all that was asked for before everything was recovered is linked.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>Of what was asked for before everything was recovered, the slots that are not linked yet.</summary>
    public long LeftToCatchUp => _first.Sum(index => (long)(index.Key.Linked == 0 ? index.Key.Count : index.Key.Inherited));

    /// <summary>Asks for an index to be maintained; returns at once.</summary>
    public void Request(VectorIndex index)
    {
        if (!_isRecovered)
        {
            _first.TryAdd(index, true);
        }

        _requests.Writer.TryWrite(index);
    }

    /// <summary>Begins to serve requests.</summary>
    public void Start() => Start(Task.CompletedTask);

    /// <summary>Begins to serve requests while indexes are still given what was there before.</summary>
    /// <param name="recovered">Ends when they have been.</param>
    public void Start(Task recovered)
    {
        _ = NoteRecoveredAsync(recovered);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>
    /// Waits until an index is not too far behind, so that what its searches have to scan stays bounded. Does not wait for
    /// what was there before the graph: whoever stores now has not caused that, nor when maintenance has ended, for
    /// nobody would ever catch up.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="maxBacklog">Slots that may wait to be linked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask WaitForRoomAsync(VectorIndex index, int maxBacklog, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the look, so that no turn in between is slept through.
            Task turn = _turn.Task;
            if (!IsOverloaded(index, maxBacklog))
            {
                return;
            }

            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether <see cref="WaitForRoomAsync"/> would wait.</summary>
    public bool IsOverloaded(VectorIndex index, int maxBacklog) =>
        index.Pending > maxBacklog && index.Inherited == 0 && !_hasEnded;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        // Nobody waits for what was never started, either.
        End();
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LoopAsync()
    {
        try
        {
            await foreach (VectorIndex index in _requests.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    Turn(index);
                }
                catch (Exception exception)
                {
                    onFailure(exception);
                    _ = RequestAfterRestAsync(index, _stopping.Token);
                }

                EndTurn();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            End();
        }
    }

    private void Turn(VectorIndex index)
    {
        // Through the index, which knows whether it waits for a turn already.
        if (index.Maintain(threads))
        {
            index.RequestMaintenance();
        }

        if (index.Inherited == 0 && _first.TryRemove(index, out _))
        {
            NoteCaughtUp();
        }
    }

    private async Task RequestAfterRestAsync(VectorIndex index, CancellationToken stopping)
    {
        await Task.Delay(_rest, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Request(index);
    }

    private void End()
    {
        _hasEnded = true;
        EndTurn();
    }

    private async Task NoteRecoveredAsync(Task recovered)
    {
        await recovered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _isRecovered = true;
        NoteCaughtUp();
    }

    private void NoteCaughtUp()
    {
        if (_isRecovered && _first.IsEmpty)
        {
            _caughtUp.TrySetResult();
        }
    }

    private void EndTurn() => Interlocked.Exchange(ref _turn, NewSignal()).SetResult();
}
