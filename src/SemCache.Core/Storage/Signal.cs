namespace SemCache.Core.Storage;

/// <summary>Wakes one who waits, now or the next time; set many times, it wakes once. Safe for concurrent use.</summary>
internal sealed class Signal
{
    // Never disposed: somebody may set it at that moment, and it holds nothing.
    private readonly SemaphoreSlim _set = new(0, 1);

    /// <summary>Sets it; returns at once.</summary>
    public void Set()
    {
        try
        {
            if (_set.CurrentCount == 0)
            {
                _set.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another caller set it at the same moment; one turn serves both.
        }
    }

    /// <summary>Waits until it is set or the time is over, and takes it back. One caller at a time.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => _set.WaitAsync(longest, cancellationToken);
}
