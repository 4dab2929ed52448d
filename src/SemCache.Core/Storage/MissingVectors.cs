using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.Core.Storage;

/// <summary>
/// Gives entries that have no vector one, in the background: from the log, or, where another model made that, from their
/// prompts; then it is written to the log. Until it has, an entry is in no index: two vector spaces never meet.
/// </summary>
/// <remarks>
/// Partition by partition, those first whose entries were hit most. What is done is in the index and in the log: whenever it
/// ends, the next start goes on with what is left.
/// </remarks>
/// <param name="engine">The cache.</param>
/// <param name="rate">Entries a second that are embedded at the most.</param>
/// <param name="room">Waits until an index is not too far behind.</param>
/// <param name="time">Paces the embedding.</param>
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
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;
    private long _started;
    private long _lastReport;
    private long _read;
    private long _embedded;

    /// <summary>Whether all is done that can be done before the next start.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Entries without a vector.</summary>
    public long Left => engine.Registry.Namespaces.Sum(ns => ns.WithoutVector);

    /// <summary>Begins.</summary>
    /// <returns>Ends when it has ended, whatever for.</returns>
    public Task Start() => _run = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        _started = _lastReport = Stopwatch.GetTimestamp();
        if (Left is > 0 and long missing)
        {
            Log.VectorsMissing(logger, missing);
        }

        try
        {
            while (!await TryFillAsync(_stopping.Token).ConfigureAwait(false))
            {
                await Task.Delay(_rest, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        IsComplete = true;
        if (_read + _embedded > 0)
        {
            Log.VectorsComplete(logger, Stopwatch.GetElapsedTime(_started).TotalSeconds, _read, _embedded);
        }

        if (Left is > 0 and long unreadable)
        {
            Log.VectorsUnreadable(logger, unreadable);
        }
    }

    private async Task<bool> TryFillAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach ((Partition partition, Entry[] entries) in Missing())
            {
                await EmbedAsync(partition, Read(entries, cancellationToken), cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The log takes nothing at the moment, or the model's queue is full: lookups come first.
            Log.VectorsInterrupted(logger, Left, _rest.TotalSeconds, exception);
            return false;
        }
    }

    private IEnumerable<(Partition Partition, Entry[] Entries)> Missing() => engine.Registry.Partitions
        .Where(partition => partition.WithoutVector > 0)
        .Select(partition => (
            Partition: partition,
            Entries: partition.Entries.Where(entry => entry.IndexSlot == Entry.AwaitsVector).ToArray()))
        .OrderByDescending(missing => missing.Entries.Sum(entry => (long)entry.Hits));

    // In the order of the log. Returns the entries whose vector is another model's.
    private Entry[] Read(Entry[] entries, CancellationToken cancellationToken)
    {
        var foreign = new List<Entry>();
        foreach (Entry[] chunk in entries.OrderBy(entry => entry.Location.Address).Chunk(ReadAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Entry entry in chunk.Where(entry => !entry.IsRemoved))
            {
                if (engine.Log.ReadVector(entry) is not { } vector)
                {
                    continue;
                }

                if (vector.Fingerprint == engine.Embedder.Fingerprint)
                {
                    Give(entry, vector.Values);
                }
                else
                {
                    foreign.Add(entry);
                }
            }

            Report();
        }

        return [.. foreign];
    }

    private void Give(Entry entry, ReadOnlyMemory<float> vector)
    {
        lock (entry.Partition.Gate)
        {
            if (entry.IndexSlot == Entry.AwaitsVector)
            {
                entry.Partition.SetVector(entry, vector.Span);
                entry.Partition.Index.Inherit();
                _read++;
            }
        }
    }

    private async Task EmbedAsync(Partition partition, Entry[] entries, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        int atOnce = Math.Max(1, rate / TurnsPerSecond);
        TimeSpan turn = TimeSpan.FromSeconds((double)atOnce / rate);
        foreach (Entry[] chunk in entries.Chunk(atOnce))
        {
            long began = time.GetTimestamp();
            await Parallel.ForEachAsync(
                chunk, options, async (entry, token) => await EmbedAsync(entry, token).ConfigureAwait(false))
                .ConfigureAwait(false);
            await engine.Log.WaitDurableAsync(cancellationToken).ConfigureAwait(false);
            Report();
            await room(partition.Index, cancellationToken).ConfigureAwait(false);
            if (turn - time.GetElapsedTime(began) is { Ticks: > 0 } left && chunk.Length == atOnce)
            {
                await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task EmbedAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (entry.IsRemoved || engine.Read(entry) is not { } content)
        {
            return;
        }

        int[] tokens = engine.Embedder.Tokenize(CanonicalPrompt.MatchedText(content.Prompt), out MissReason unread);
        float[] vector = unread == MissReason.None
            ? await engine.Embedder.EmbedAsync(tokens, cancellationToken).ConfigureAwait(false)
            : [];
        Partition partition = entry.Partition;
        byte[] record = engine.Log.Codec.EncodeReembed(
            partition.Digest, entry.Id, new StoredVector(engine.Embedder.Fingerprint, vector));
        while (true)
        {
            lock (partition.Gate)
            {
                if (entry.IndexSlot != Entry.AwaitsVector)
                {
                    return;
                }

                if (partition.TryAppend(engine.Log, record, out LogLocation location))
                {
                    partition.NoteReembedded(entry, location.Address);
                    partition.SetVector(entry, vector);
                    Interlocked.Increment(ref _embedded);
                    return;
                }
            }

            await engine.Log.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Report()
    {
        if (Stopwatch.GetElapsedTime(_lastReport) > _reportInterval)
        {
            _lastReport = Stopwatch.GetTimestamp();
            Log.VectorsProgress(logger, Left, _read, Interlocked.Read(ref _embedded));
        }
    }
}
