using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;

namespace SemCache.StorageBench.Restart;

/// <summary>
/// A store as a server would have left it, written straight as records: prompts and responses that differ, vectors around
/// common centres, and one real entry that lookups find.
/// </summary>
internal sealed class SyntheticStore(string model, int entries, int perPartition)
{
    public const string Namespace = "restart";
    public const string Question = "What is the capital of France?";

    /// <summary>The same tokens as <see cref="Question"/>, another text: found by meaning or not at all.</summary>
    public const string Reworded = "What is the c\u00e0pital of France?";

    public const string Answer = "Paris.";

    private const int ResponseBytes = 500;
    private const int Centres = 1000;
    private const float Spread = 0.6f;

    /// <summary>Writes the store into an empty folder.</summary>
    public async Task WriteAsync(string folder, CancellationToken cancellation)
    {
        var metrics = new SemCacheMetrics(
            new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        await using var embedder = Embedder.Load(model, new ModelOptions(), metrics, NullLogger<Embedder>.Instance);
        var options = new StorageOptions { Durability = Durability.None };
        await using var log = EntryLog.Open(folder, options, 0, metrics, NullLogger<EntryLog>.Instance);
        log.Recover(new NoRecords(), 0, (_, _) => { }, cancellation);

        var writer = new SyntheticWriter(log, embedder.Fingerprint, new EntryIds());
        await writer.WriteAsync(IdentityOf(0), Question, Answer, await EmbedAsync(embedder, cancellation), cancellation);
        var vectors = new CentredVectors(embedder.Dimension, Centres, Spread);
        for (int i = 1; i < entries; i++)
        {
            string response = string.Create(CultureInfo.InvariantCulture, $"answer {i} ").PadRight(ResponseBytes, '.');
            string prompt = string.Create(CultureInfo.InvariantCulture, $"synthetic question number {i}");
            await writer.WriteAsync(IdentityOf(i / perPartition), prompt, response, vectors.Next(), cancellation);
        }
    }

    // The first partition has no scope: lookups need name none.
    private static PartitionIdentity IdentityOf(int partition)
    {
        KeyValuePair<string, string>[] scope =
            partition == 0 ? [] : [new("tenant", partition.ToString(CultureInfo.InvariantCulture))];
        return new PartitionIdentity(Namespace, CanonicalScope.Of(scope), CanonicalPrompt.Of(Prompt.FromText(Question)).ContextDigest);
    }

    private static async Task<float[]> EmbedAsync(Embedder embedder, CancellationToken cancellation)
    {
        string text = CanonicalPrompt.MatchedText(Prompt.FromText(Question));
        return await embedder.EmbedAsync(embedder.Tokenize(text, out _), cancellation);
    }
}
