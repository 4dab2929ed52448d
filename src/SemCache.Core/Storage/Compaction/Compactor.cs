using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <summary>
/// Gives the bytes of removed, replaced and expired entries back to the disk: what is live in the oldest segment is written
/// again at the tail of the log, and the segment is deleted. In the background, one segment at a time, always the oldest.
/// </summary>
/// <remarks>
/// <para>Nothing is lost, and nothing comes back, wherever the process ends:</para>
/// <list type="number">
/// <item><b>While it copies.</b> A copy is appended under the gate of its partition, only if its entry is live where it was
/// read, and keeps id, times and content. A start that reads the log up to any point finds the entry once or twice, and of two
/// puts with the same text the later one wins. Whatever replaced or removed the entry afterwards stands behind the copy.</item>
/// <item><b>After the commit</b>, for which the truncation waits whatever durability is configured, all copies are on the
/// device; so is all that made the rest of the segment dead: the put that replaced an entry, the record that removed it. It
/// waits for no more than that (<see cref="SegmentUsage.SettledBy"/>): while the device is full and takes no record, a segment
/// whose entries have expired, or were replaced before, can still go, and makes room.</item>
/// <item><b>After <c>entries.begin</c> is written</b> the segment is not read again, whether its file is there or not.</item>
/// </list>
/// <para>
/// The log only ever loses its beginning. A remove stands behind all puts of its entry, copies included, so it goes after them
/// and never before. An entry that expired has no remove; older puts for its text stand in front of its own and go before it.
/// A vector in a record of its own stands behind its entry's put: when that is copied the vector goes into the copy.
/// </para>
/// <para>
/// Records name their partition by digest. A partition whose only definition is in the segment is defined again before the
/// commit; a start applies records that precede a definition when it meets it.
/// </para>
/// <para>
/// A record that was appended but is not applied yet looks dead. Hence a segment is only judged after
/// <see cref="PartitionRegistry.Settle"/> was called when it had ceased to be the tail.
/// </para>
/// <para>
/// Lookups take no notice. One that has read an entry's old location and finds its file gone looks at the entry again
/// (<see cref="EntryLog.Read(Entry)"/>).
/// </para>
/// </remarks>
internal sealed class Compactor : IAsyncDisposable
{
    /// <summary>
    /// Times that a segment is found unreadable before what cannot be read of it counts as damaged. It would be in the way of all
    /// others for ever.
    /// </summary>
    public const int MostAttempts = 6;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(10);

    private readonly EntryLog _log;
    private readonly PartitionRegistry _registry;
    private readonly StorageOptions _options;
    private readonly SemCacheMetrics _metrics;
    private readonly ILogger _logger;

    private readonly Signal _wake = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CompactionRest _rests = new();
    private Task _loop = Task.CompletedTask;

    private long _copied;
    private (long Segment, int Times) _unreadable = (-1, 0);

    // Segments in front of this one are settled.
    private long _settledBefore;

    public Compactor(
        EntryLog log, PartitionRegistry registry, StorageOptions options, SemCacheMetrics metrics, ILogger logger)
    {
        _log = log;
        _registry = registry;
        _options = options;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Begins to compact whenever it is due.</summary>
    /// <param name="allowedBytes">
    /// Tells how many bytes the log may take at the moment: beyond them compaction takes all the rate there is.
    /// </param>
    public void Start(Func<long> allowedBytes)
    {
        _log.OnSegmentFilled = _wake.Set;
        _loop = Task.Run(() => LoopAsync(allowedBytes));
    }

    /// <summary>Does what is due with the oldest segments.</summary>
    /// <param name="allowedBytes">Bytes that the log may take.</param>
    /// <param name="cancellationToken">Ends it; what was copied by then was copied in vain, and does no harm.</param>
    /// <exception cref="IOException">A segment could not be read or deleted.</exception>
    /// <exception cref="CacheUnavailableException">The log cannot be written.</exception>
    /// <exception cref="LimitReachedException">The log cannot be written for lack of space.</exception>
    public async Task RunAsync(Func<long> allowedBytes, CancellationToken cancellationToken)
    {
        while (NeedOfOldest(allowedBytes()) is var need and not CompactionNeed.None)
        {
            long segment = _log.FirstSegment;
            bool givesUp = _unreadable.Segment == segment && _unreadable.Times >= MostAttempts;
            var copy = new SegmentCopy(_log, _registry, _metrics, _logger, givesUp);
            if (need == CompactionNeed.Drop)
            {
                await copy.DefineAgainAsync(segment, pace: null, cancellationToken).ConfigureAwait(false);
                await LetGoAsync(segment, copy, cancellationToken).ConfigureAwait(false);
                _metrics.SegmentCompacted("dropped");
                Log.SegmentDropped(_logger, segment);
                continue;
            }

            long started = Stopwatch.GetTimestamp();
            // What is still on its way to the device is not in the file.
            await _log.CommitAsync((segment + 1) * _log.SegmentSize, cancellationToken).ConfigureAwait(false);
            var pace = new CompactionPace(
                _options.CompactionRate, () => _log.Bytes > allowedBytes(), TimeProvider.System);
            try
            {
                await copy.RunAsync(segment, pace, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                _unreadable = (segment, _unreadable.Segment == segment ? _unreadable.Times + 1 : 1);
                throw;
            }
            finally
            {
                _copied += copy.Bytes;
            }

            await LetGoAsync(segment, copy, cancellationToken).ConfigureAwait(false);
            _metrics.SegmentCompacted("copied");
            Log.SegmentCompacted(
                _logger, segment, Stopwatch.GetElapsedTime(started).TotalSeconds, copy.Records, copy.Bytes);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _log.OnSegmentFilled = null;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private CompactionNeed NeedOfOldest(long allowedBytes)
    {
        long tail = _log.TailSegment;
        long oldest = _log.FirstSegment;
        if (oldest < tail && oldest >= _settledBefore)
        {
            _registry.Settle();
            _settledBefore = tail;
        }

        var figures = new LogFigures(
            tail - oldest, _log.SegmentSize, _log.Bytes, _log.Usage.LiveBytes, _log.Usage.LiveIn(oldest));
        CompactionNeed need = _rests.Limit(
            figures.Need(_options.LiveRatio, allowedBytes), figures, oldest, _log.Written(_copied));
        _log.IsCompactionResting = _rests.IsResting;
        return need;
    }

    // Nothing in it is of use to anybody any more, and what makes that true is on its way to the device.
    private async Task LetGoAsync(long segment, SegmentCopy copy, CancellationToken cancellationToken)
    {
        if (_log.Usage.LiveIn(segment) is not 0 and long live)
        {
            if (copy.HasAnythingIn(segment))
            {
                throw new InvalidOperationException($"Segment {segment} of the log still has {live} live bytes.");
            }

            Log.LiveBytesWrong(_logger, segment, live);
        }

        // Of itself, too: what is on its way to the device would bring a deleted file back.
        long needed = Math.Max((segment + 1) * _log.SegmentSize, _log.Usage.SettledBy(segment));
        await _log.CommitAsync(needed, cancellationToken).ConfigureAwait(false);
        _log.TruncateBefore((segment + 1) * _log.SegmentSize);
        _log.Usage.Forget(segment);
    }

    private async Task LoopAsync(Func<long> allowedBytes)
    {
        CancellationToken stopping = _stopping.Token;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _wake.WaitAsync(_interval, stopping).ConfigureAwait(false);
                await RunAsync(allowedBytes, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The segment is where it was, with all that is in it. That the log cannot be written, it says itself.
                if (exception is not (CacheUnavailableException or LimitReachedException))
                {
                    Log.CompactionFailed(_logger, _rest, exception);
                }

                await Task.Delay(_rest, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
