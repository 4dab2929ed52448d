using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <summary>
/// Gives entries that have no vector one, in the background: from the log, or, where another model made that, from their
/// prompts; then it is written to the log. Until it has, an entry is in no index: two vector spaces never meet.
/// </summary>
/// <remarks>
/// Partition by partition, those first whose entries were hit most. What is done is in the index and in the log: whenever it
/// ends, the next start goes on with what is left. What fails with one entry does not concern the others: it is tried again
/// after a rest, and after longer ones while nothing changes. Entries that come to wait later are met the same way.
/// </remarks>
/// <param name="engine">The cache.</param>
/// <param name="rate">Entries a second that are embedded at the most.</param>
/// <param name="room">Waits until an index is not too far behind.</param>
/// <param name="time">Paces the embedding, and the rests.</param>
/// <param name="logger">Told how far it is.</param>
internal sealed class MissingVectors(
    Engine engine,
    int rate,
    Func<VectorIndex, CancellationToken, ValueTask> room,
    TimeProvider time,
    ILogger logger) : IAsyncDisposable
{
    private const int Parallelism = 64;
    private const int TurnsPerSecond = 10;
    private const int ReadAtOnce = 256;

    private static readonly TimeSpan _reportInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _shortestRest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longestRest = TimeSpan.FromMinutes(10);

    private readonly VectorRepair _repair = new(engine);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstPass = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _run = Task.CompletedTask;
    private long _started;
    private long _lastReport;
    private long _notToBeHad;
    private bool _isInterrupted;
    private volatile bool _hasEnded;

    /// <summary>Entries without a vector.</summary>
    public long Left => engine.Registry.Namespaces.Sum(ns => ns.WithoutVector);

    /// <summary>Whether some of them are about to get one: more are left than could not be had the last time.</summary>
    public bool IsMoreExpected => !_hasEnded && Left > Interlocked.Read(ref _notToBeHad);

    /// <summary>Begins.</summary>
    /// <returns>Ends when every entry had its turn, or nothing goes on any more.</returns>
    public Task Start()
    {
        _run = Task.Run(RunAsync);
        return _firstPass.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        TimeSpan rest = _shortestRest;
        try
        {
            while (true)
            {
                long before = Interlocked.Read(ref _notToBeHad);
                bool hasChanged = await TryPassAsync(_stopping.Token).ConfigureAwait(false) is not { } notToBeHad
                    || notToBeHad != before;
                rest = hasChanged ? _shortestRest
                    : rest * 2 < _longestRest ? rest * 2
                    : _longestRest;
                await RestAsync(rest, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // What was under way may have ended in another way than by being cancelled.
        }
        finally
        {
            _hasEnded = true;
            _firstPass.TrySetResult();
        }
    }

    // Looks at the entries every now and then, so that those that have come to wait meanwhile do not wait as long as the rest.
    private async Task RestAsync(TimeSpan rest, CancellationToken cancellationToken)
    {
        for (TimeSpan rested = TimeSpan.Zero; rested < rest || Left == 0; rested += _shortestRest)
        {
            await Task.Delay(_shortestRest, time, cancellationToken).ConfigureAwait(false);
            if (IsMoreExpected)
            {
                return;
            }
        }
    }

    // How many entries have no vector although each had its turn; null when it was interrupted.
    private async Task<long?> TryPassAsync(CancellationToken cancellationToken)
    {
        if (!_isInterrupted)
        {
            _started = _lastReport = Stopwatch.GetTimestamp();
            _repair.ResetCounts();
            if (IsMoreExpected)
            {
                Log.VectorsMissing(logger, Left);
            }
        }

        _repair.Begin();
        _isInterrupted = true;
        try
        {
            foreach ((Partition partition, Entry[] entries) in Missing())
            {
                await FillAsync(partition, entries, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The log takes nothing at the moment: lookups come first.
            Log.VectorsInterrupted(logger, Left, _shortestRest.TotalSeconds, exception);
            return null;
        }

        long notToBeHad = _repair.Failed.LongCount(VectorRepair.IsWaiting);
        Report(notToBeHad);
        _isInterrupted = false;
        _firstPass.TrySetResult();
        return notToBeHad;
    }

    private void Report(long notToBeHad)
    {
        bool hasChanged = Interlocked.Exchange(ref _notToBeHad, notToBeHad) != notToBeHad;
        if (notToBeHad == 0 && _repair.Read + _repair.Embedded > 0)
        {
            Log.VectorsComplete(logger, Stopwatch.GetElapsedTime(_started).TotalSeconds, _repair.Read, _repair.Embedded);
        }
        else if (notToBeHad > 0 && hasChanged)
        {
            Log.VectorsNotToBeHad(logger, notToBeHad, _repair.Failure);
        }
    }

    private IEnumerable<(Partition Partition, Entry[] Entries)> Missing() => engine.Registry.Partitions
        .Where(partition => partition.WithoutVector > 0)
        .Select(partition => (Partition: partition, Entries: partition.Entries.Where(VectorRepair.IsWaiting).ToArray()))
        .OrderByDescending(missing => missing.Entries.Sum(entry => (long)entry.Hits));

    private async Task FillAsync(Partition partition, Entry[] entries, CancellationToken cancellationToken)
    {
        // In the order of the log.
        foreach (Entry[] chunk in entries.OrderBy(entry => entry.Location.Address).Chunk(ReadAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Array.ForEach(chunk, _repair.ReadFromLog);
            ReportProgress();
        }

        await EmbedAsync(partition, _repair.TakeToEmbed(), Parallelism, cancellationToken).ConfigureAwait(false);
        // One that the model fails on fails whatever shares its batch: now each is alone.
        await EmbedAsync(partition, _repair.TakeNotEmbedded(), 1, cancellationToken).ConfigureAwait(false);
        _repair.GiveUpNotEmbedded();
    }

    private async Task EmbedAsync(
        Partition partition, Entry[] entries, int parallelism, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        int atOnce = Math.Max(1, rate / TurnsPerSecond);
        TimeSpan turn = TimeSpan.FromSeconds((double)atOnce / rate);
        foreach (Entry[] chunk in entries.Chunk(atOnce))
        {
            long began = time.GetTimestamp();
            await Parallel.ForEachAsync(
                chunk, options, async (entry, token) => await _repair.EmbedAsync(entry, token).ConfigureAwait(false))
                .ConfigureAwait(false);
            await engine.Log.WaitDurableAsync(cancellationToken).ConfigureAwait(false);
            ReportProgress();
            await room(partition.Index, cancellationToken).ConfigureAwait(false);
            if (turn - time.GetElapsedTime(began) is { Ticks: > 0 } left && chunk.Length == atOnce)
            {
                await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void ReportProgress()
    {
        if (Stopwatch.GetElapsedTime(_lastReport) > _reportInterval)
        {
            _lastReport = Stopwatch.GetTimestamp();
            Log.VectorsProgress(logger, Left, _repair.Read, _repair.Embedded);
        }
    }
}
