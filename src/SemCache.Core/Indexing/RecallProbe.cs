using System.Threading.Channels;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Indexing;

/// <summary>
/// Compares what sampled lookups found by a graph with an exact scan, in the background: recall on what is really asked.
/// </summary>
/// <remarks>
/// Counts whether the nearest entry was found, if it reaches the threshold; below it, a search may stop early. A lookup
/// that is not due pays two reads. One scan at a time, and never more than a fiftieth of one processor's time.
/// </remarks>
internal sealed class RecallProbe : IAsyncDisposable
{
    private const int Remembered = 1000;
    private const int LeastRest = 50;
    private const long Never = long.MaxValue;

    // Rounding of two true cosines.
    private const float Tolerance = 1e-5f;

    // An entry's time is taken before it is in the index, and gates are waited for in between.
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(1);

    private readonly Channel<RecallSample> _samples = Channel.CreateBounded<RecallSample>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly RecallWindow _recent = new(Remembered);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemCacheMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _onFailure;
    private readonly long _interval;
    private readonly Task _loop;
    private long _due;

    /// <param name="interval">Shortest time between two samples; zero for none at all.</param>
    /// <param name="metrics">Counts the comparisons.</param>
    /// <param name="time">The clock that entries are dated by.</param>
    /// <param name="onFailure">Told why comparing ended.</param>
    public RecallProbe(TimeSpan interval, SemCacheMetrics metrics, TimeProvider time, Action<Exception> onFailure)
    {
        _metrics = metrics;
        _time = time;
        _onFailure = onFailure;
        _interval = (long)(interval.TotalSeconds * time.TimestampFrequency);
        _due = interval == TimeSpan.Zero ? Never : time.GetTimestamp();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Share of the last 1,000 comparisons in which the nearest was found, 0…1; null before the first.</summary>
    public double? Recall => _recent.Share;

    /// <summary>Whether a lookup that has searched this index is the one to be compared. Then <see cref="Add"/> it.</summary>
    public bool TryTake(VectorIndex index)
    {
        long due = Volatile.Read(ref _due);
        if (due == Never)
        {
            return false;
        }

        long now = _time.GetTimestamp();
        return now >= due
            && index.Linked > 0
            && Interlocked.CompareExchange(ref _due, now + _interval, due) == due;
    }

    /// <summary>Has a search compared; returns at once. Dropped when others still wait.</summary>
    public void Add(RecallSample sample) => _samples.Writer.TryWrite(sample);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>Whether a search found the nearest; null when that cannot be told, or there was nothing to be found.</summary>
    internal static bool? Judge(RecallSample sample)
    {
        var scanned = new ScoredEntry[1];
        if (sample.Index.Scan(sample.Query, scanned) == 0 || scanned[0].Similarity < sample.Threshold)
        {
            return null;
        }

        // What came or went since the search began says nothing about it.
        if (scanned[0].Entry.CreatedAt > sample.AskedAt - _settling || sample.Nearest is { Entry.IsRemoved: true })
        {
            return null;
        }

        return sample.Nearest is { } nearest && nearest.Similarity >= scanned[0].Similarity - Tolerance;
    }

    private async Task LoopAsync()
    {
        try
        {
            await foreach (RecallSample sample in _samples.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                long started = _time.GetTimestamp();
                if (Judge(sample) is { } found)
                {
                    _recent.Add(found);
                    _metrics.IndexProbed(sample.Namespace, found);
                }

                long ended = _time.GetTimestamp();
                RestUntil(ended + (LeastRest * (ended - started)));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (Exception exception)
        {
            Volatile.Write(ref _due, Never);
            _onFailure(exception);
        }
    }

    private void RestUntil(long rested)
    {
        long due = Volatile.Read(ref _due);
        while (due < rested)
        {
            long seen = Interlocked.CompareExchange(ref _due, rested, due);
            if (seen == due)
            {
                return;
            }

            due = seen;
        }
    }
}
