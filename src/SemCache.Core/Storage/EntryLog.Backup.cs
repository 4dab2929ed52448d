using SemCache.Core.Storage.Backup;

namespace SemCache.Core.Storage;

/// <content>What a backup takes with it.</content>
internal sealed partial class EntryLog
{
    // Whoever holds it finds the begin and the segments as they belong together.
    private readonly Lock _truncation = new();

    /// <summary>
    /// Commits everything that anybody has appended by now, and opens the files of the log up to there; while the log cannot
    /// be written, up to where it is committed. What happens to the log afterwards does not touch them.
    /// </summary>
    /// <exception cref="CacheUnavailableException">The log cannot be read.</exception>
    public async Task<CapturedLog> CaptureAsync(CancellationToken cancellationToken)
    {
        string? uncommitted = null;
        try
        {
            await _commits!.WaitAsync(AppendedUntil, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is LimitReachedException or CacheUnavailableException)
        {
            // When the disk is full, a backup of what is on it is what an operator wants first.
            uncommitted = Status.Reason;
        }

        lock (_truncation)
        {
            // Read in here: what was moved out of segments that are gone stands in front of it.
            long until = _log!.CommittedUntilAddress;
            try
            {
                return CapturedLog.Open(_files, BeginAddress, until) with { Uncommitted = uncommitted };
            }
            catch (IOException exception)
            {
                throw new CacheUnavailableException("The entry log cannot be read: " + exception.Message, exception);
            }
        }
    }
}
