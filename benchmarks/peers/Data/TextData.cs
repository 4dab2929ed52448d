using System.Diagnostics.Metrics;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;
using SemCache.Peers.Commands;

namespace SemCache.Peers.Data;

/// <summary>Real texts, embedded by the shipped model.</summary>
internal static class TextData
{
    private const int BatchSize = 32;
    private const int Waiting = 4096;

    /// <summary>Reads, embeds and shuffles the texts of files; the first few become the queries.</summary>
    /// <remarks>
    /// Texts that the model cannot read as a whole are left out, as a cache would not embed them either. The embeddings are
    /// kept for the next run.
    /// </remarks>
    /// <exception cref="NotMeasuredException">A line does not fit, or too few texts are there.</exception>
    public static async Task<DataSet> LoadAsync(
        IReadOnlyList<FileInfo> files, int queries, int seed, CancellationToken cancellation)
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using Embedder embedder = Embedder.Load(
            Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini"),
            new ModelOptions
            {
                Workers = Environment.ProcessorCount,
                ThreadsPerWorker = 1,
                MaxBatchSize = BatchSize,
                MaxQueueLength = Waiting,
            },
            new SemCacheMetrics(services.GetRequiredService<IMeterFactory>()),
            NullLogger<Embedder>.Instance);
        IReadOnlyList<string> texts = TextFiles.Read(files);
        int[][] tokens = [.. texts.AsParallel().AsOrdered().Select(text => Tokenize(embedder, text)).OfType<int[]>()];
        if (tokens.Length < 2 * queries)
        {
            throw new NotMeasuredException(
                $"--texts: {tokens.Length} distinct texts that the model can read are too few for {queries} queries; "
                + $"at least {2 * queries} are needed.");
        }

        VectorTable all = await CacheFolder.GetOrAddAsync(
            $"embeddings-{embedder.Fingerprint:x32}-{Hash(tokens):x32}", () => EmbedAsync(embedder, tokens, cancellation));
        VectorTable shuffled = Shuffle(all, seed);
        int entries = shuffled.Rows - queries;
        int split = queries * shuffled.Dimension;
        return new DataSet(
            $"texts-{entries}x{shuffled.Dimension}",
            string.Format(
                CultureInfo.InvariantCulture,
                "{0:N0} texts embedded by {1} ({2} components), {3:N0} more held out as queries; of {4:N0} distinct texts, {5:N0} "
                + "cannot be read as a whole by the model and are left out",
                entries, embedder.Manifest.Name, shuffled.Dimension, queries, texts.Count, texts.Count - tokens.Length),
            new VectorTable(shuffled.Values[split..], shuffled.Dimension),
            entries,
            new VectorTable(shuffled.Values[..split], shuffled.Dimension));
    }

    private static int[]? Tokenize(Embedder embedder, string text)
    {
        int[] tokens = embedder.Tokenize(text, out MissReason unread);
        return unread == MissReason.None ? tokens : null;
    }

    private static async Task<VectorTable> EmbedAsync(
        Embedder embedder, int[][] tokens, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"Embedding {tokens.Length} texts …");
        var table = new VectorTable(tokens.Length, embedder.Dimension);
        // Texts of one length make batches without padding.
        int[] byLength = [.. Enumerable.Range(0, tokens.Length).OrderBy(text => tokens[text].Length)];
        foreach (int[] some in byLength.Chunk(Waiting / 2))
        {
            float[][] vectors = await Task.WhenAll(some.Select(text => embedder.EmbedAsync(tokens[text], cancellation).AsTask()));
            for (int i = 0; i < some.Length; i++)
            {
                vectors[i].CopyTo(table.Row(some[i]));
            }
        }

        return table;
    }

    private static UInt128 Hash(int[][] tokens)
    {
        var hash = new XxHash128();
        foreach (int[] text in tokens)
        {
            hash.Append(MemoryMarshal.AsBytes((ReadOnlySpan<int>)[text.Length]));
            hash.Append(MemoryMarshal.AsBytes(text.AsSpan()));
        }

        return hash.GetCurrentHashAsUInt128();
    }

    private static VectorTable Shuffle(VectorTable table, int seed)
    {
        int[] order = [.. Enumerable.Range(0, table.Rows)];
        new Random(seed).Shuffle(order);
        var shuffled = new VectorTable(table.Rows, table.Dimension);
        for (int row = 0; row < order.Length; row++)
        {
            table.Row(order[row]).CopyTo(shuffled.Row(row));
        }

        return shuffled;
    }
}
