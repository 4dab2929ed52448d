using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>
/// Saves what a quick start needs: every now and then, when much was appended, and at a clean stop. Graphs first: the
/// snapshot of entries leaves out the vectors that graphs were saved with.
/// </summary>
internal sealed class SnapshotLoop(
    EntryLog log, GraphSnapshots graphs, EntrySnapshots entries, TimeSpan interval, TimeProvider time) : IAsyncDisposable
{
    // What a start then has to read of the log at the most, beside what comes while a snapshot is made.
    private const long MostToReplay = 512L << 20;

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _saving = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private bool _isSavedForStop;

    /// <summary>Begins to save.</summary>
    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>Saves for a stop that is about to come, while requests are still served.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: what was saved before stays good.</exception>
    public async Task SaveForStopAsync(CancellationToken cancellationToken)
    {
        await SaveAsync(onlyIfGrown: false, cancellationToken).ConfigureAwait(false);
        _isSavedForStop = true;
    }

    /// <summary>Ends, and saves what has changed since. After maintenance has ended, before the log is closed.</summary>
    /// <param name="cancellationToken">Gives up saving: what was saved before stays good.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        try
        {
            // Hits alone are reason enough, once.
            await SaveAsync(onlyIfGrown: _isSavedForStop, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A start takes longer then.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _stopping.Dispose();
        _saving.Dispose();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(interval < _look ? interval : _look, time);
        long last = time.GetTimestamp();
        bool isSaved = true;
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                if (time.GetElapsedTime(last) >= interval
                    || (isSaved && log.AppendedUntil - entries.CapturedUntil > MostToReplay))
                {
                    // One that fails is not tried again at once: it would write as much every time.
                    isSaved = await SaveAsync(onlyIfGrown: true, _stopping.Token).ConfigureAwait(false);
                    last = time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    // Whether there is nothing more to save of entries.
    private async Task<bool> SaveAsync(bool onlyIfGrown, CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await graphs.SaveChangedAsync(cancellationToken).ConfigureAwait(false);
            return (onlyIfGrown && log.AppendedUntil <= entries.CapturedUntil)
                || await entries.SaveAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _saving.Release();
        }
    }
}
