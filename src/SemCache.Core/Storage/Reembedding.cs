using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.Core.Storage;

/// <summary>
/// Gives entries that another model embedded a vector of the present one, from their prompts, and writes it to the
/// log. Until then they have no vector at all: two vector spaces never meet.
/// </summary>
internal sealed class Reembedding(Engine engine, ILogger logger)
{
    private const int Parallelism = 64;
    private const int ReportEvery = 10_000;

    private int _done;

    public async Task RunAsync(IReadOnlyCollection<Entry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        Log.ReembeddingStarted(logger, entries.Count);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(entries, options, async (entry, token) =>
        {
            await ReembedAsync(entry, token).ConfigureAwait(false);
            int done = Interlocked.Increment(ref _done);
            if (done % ReportEvery == 0)
            {
                Log.ReembeddingProgress(logger, done, entries.Count);
            }
        }).ConfigureAwait(false);
        await engine.Log.WaitDurableAsync(cancellationToken).ConfigureAwait(false);
        Log.ReembeddingFinished(logger, entries.Count);
    }

    private async Task ReembedAsync(Entry entry, CancellationToken cancellationToken)
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
                if (entry.IsRemoved)
                {
                    return;
                }

                if (partition.TryAppend(engine.Log, record, out LogLocation location))
                {
                    partition.NoteReembedded(entry, location.Address);
                    partition.SetVector(entry, vector);
                    return;
                }
            }

            await engine.Log.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
