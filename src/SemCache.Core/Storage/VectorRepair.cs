using System.Collections.Concurrent;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.Core.Storage;

/// <summary>
/// Gives single entries their vectors, and remembers those that could not be given one, and why. What an entry fails with
/// stays with that entry; only what the log refuses surfaces.
/// </summary>
/// <remarks><see cref="EmbedAsync"/> may run many times at once; everything else runs alone.</remarks>
internal sealed class VectorRepair(Engine engine)
{
    private static readonly TimeSpan _queueFull = TimeSpan.FromMilliseconds(100);

    private readonly List<Entry> _toEmbed = [];
    private readonly List<Entry> _failed = [];
    private readonly ConcurrentQueue<Entry> _notEmbedded = new();
    private volatile Exception? _failure;
    private long _embedded;

    /// <summary>Vectors that were read since <see cref="ResetCounts"/>.</summary>
    public long Read { get; private set; }

    /// <summary>Vectors that were made since <see cref="ResetCounts"/>.</summary>
    public long Embedded => Interlocked.Read(ref _embedded);

    /// <summary>Entries whose turn was in vain.</summary>
    public IReadOnlyCollection<Entry> Failed => _failed;

    /// <summary>What one of them failed with; null when records were damaged or could not be read, which is logged elsewhere.</summary>
    public Exception? Failure => _failure;

    /// <summary>Whether an entry is to be given a vector.</summary>
    public static bool IsWaiting(Entry entry) => !entry.IsRemoved && entry.IndexSlot == Entry.AwaitsVector;

    /// <summary>Begins anew: every entry has its turn again.</summary>
    public void Begin()
    {
        _toEmbed.Clear();
        _failed.Clear();
        _notEmbedded.Clear();
        _failure = null;
    }

    /// <summary>Begins to count.</summary>
    public void ResetCounts()
    {
        Read = 0;
        Interlocked.Exchange(ref _embedded, 0);
    }

    /// <summary>Gives an entry the vector that the log has, unless another model made it, or it is lost.</summary>
    public void ReadFromLog(Entry entry)
    {
        if (!IsWaiting(entry))
        {
            return;
        }

        try
        {
            StoredVector? vector = engine.Log.ReadVector(entry);
            if (vector?.Fingerprint == engine.Embedder.Fingerprint)
            {
                Give(entry, vector.Value.Values.Span);
            }
            else if (vector is not null || entry.ReembedAddress > 0)
            {
                // Of one in a record of its own, the prompt may still be had.
                _toEmbed.Add(entry);
            }
            else
            {
                _failed.Add(entry);
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
            _failed.Add(entry);
        }
    }

    /// <summary>The entries whose vector is to be made, once.</summary>
    public Entry[] TakeToEmbed()
    {
        Entry[] taken = [.. _toEmbed];
        _toEmbed.Clear();
        return taken;
    }

    /// <summary>The entries that could not be embedded, once.</summary>
    public Entry[] TakeNotEmbedded()
    {
        Entry[] taken = [.. _notEmbedded];
        _notEmbedded.Clear();
        return taken;
    }

    /// <summary>Counts those that could not be embedded again as failed.</summary>
    public void GiveUpNotEmbedded() => _failed.AddRange(TakeNotEmbedded());

    /// <summary>Gives an entry a vector of the present model, and writes it to the log.</summary>
    /// <exception cref="LimitReachedException">The log has no space, or its device is full.</exception>
    /// <exception cref="CacheUnavailableException">The log cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task EmbedAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (!IsWaiting(entry))
        {
            return;
        }

        float[]? vector = null;
        try
        {
            vector = await MakeAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _failure = exception;
        }

        if (vector is null)
        {
            _notEmbedded.Enqueue(entry);
            return;
        }

        await WriteAsync(entry, vector, cancellationToken).ConfigureAwait(false);
    }

    private void Give(Entry entry, ReadOnlySpan<float> vector)
    {
        lock (entry.Partition.Gate)
        {
            if (entry.IndexSlot == Entry.AwaitsVector)
            {
                entry.Partition.SetVector(entry, vector);
                entry.Partition.Index.Inherit();
                Read++;
            }
        }
    }

    // Empty when the model does not read the prompt; null when the record cannot be read.
    private async Task<float[]?> MakeAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (engine.Read(entry) is not { } content)
        {
            return null;
        }

        int[] tokens = engine.Embedder.Tokenize(CanonicalPrompt.MatchedText(content.Prompt), out MissReason unread);
        if (unread != MissReason.None)
        {
            return [];
        }

        while (true)
        {
            try
            {
                return await engine.Embedder.EmbedAsync(tokens, cancellationToken).ConfigureAwait(false);
            }
            catch (LimitReachedException exception)
            {
                // Lookups come first.
                await Task.Delay(exception.RetryAfter ?? _queueFull, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAsync(Entry entry, float[] vector, CancellationToken cancellationToken)
    {
        Partition partition = entry.Partition;
        byte[] record = engine.Log.Codec.EncodeReembed(
            partition.Digest, entry.Id, new StoredVector(engine.Embedder.Fingerprint, vector));
        while (true)
        {
            lock (partition.Gate)
            {
                if (!IsWaiting(entry))
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
}
