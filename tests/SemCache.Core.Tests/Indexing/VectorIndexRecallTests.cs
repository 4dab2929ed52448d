using SemCache.Core.Embeddings;
using SemCache.Core.Indexing;
using SemCache.Core.Tests.Support;
using SemCache.LoadTest.Texts;

namespace SemCache.Core.Tests.Indexing;

/// <summary>
/// How much of what a comparison with every entry finds a search finds. The budgets lie a little below what was
/// measured.
/// </summary>
public sealed class VectorIndexRecallTests
{
    private static readonly IndexSettings _graph = IndexSettings.Default with { FlatEntries = 64 };

    [Theory]
    // Measured: 1 and 0.999.
    [InlineData(100, 0.5f, 32, 0.99, 0.99)]
    // No structure at all, the hardest that there is. Measured: 0.98 and 0.944.
    [InlineData(1, 1f, 128, 0.95, 0.92)]
    public void Search_SyntheticVectors_ReachesTheBudget(int clusters, float spread, int ef, double atOne, double atTen)
    {
        var vectors = new ClusteredVectors(seed: 1, dimension: 64, clusters, spread);
        var index = new TestIndex(64, _graph);
        index.AddAll(vectors.Take(20_000));
        index.Settle(threads: 2);

        (double AtOne, double AtTen) recall = index.Recall(vectors.Take(200), ef);

        Assert.InRange(recall.AtOne, atOne, 1);
        Assert.InRange(recall.AtTen, atTen, 1);
    }

    [Fact]
    public async Task Search_QuestionsThroughTheShippedModel_ReachesTheBudget()
    {
        const int stored = 6000;
        const float threshold = 0.9f;
        await using Embedder embedder = TestModels.Load(TestModels.Shipped);
        float[][] vectors = await EmbedAsync(embedder, QuestionGenerator.Take(stored + 300));
        float[][] queries = vectors[stored..];
        var index = new TestIndex(embedder.Dimension, _graph);
        index.AddAll(vectors[..stored]);
        index.Settle(threads: 2);

        // Measured: 1 and 0.998.
        (double AtOne, double AtTen) recall = index.Recall(queries, ef: 32);
        Assert.InRange(recall.AtOne, 0.99, 1);
        Assert.InRange(recall.AtTen, 0.99, 1);

        // Giving up early where nothing reaches the threshold loses nothing that does. Measured: none.
        float[][] answerable = [.. queries.Where(query => index.Nearest(query, 1)[0].Similarity >= threshold)];
        int lost = answerable.Count(query => index.Search(query, 1, threshold)[0].Similarity < threshold);
        Assert.InRange(answerable.Length, 50, queries.Length - 50);
        Assert.InRange(lost, 0, answerable.Length / 50);
    }

    private static async Task<float[][]> EmbedAsync(Embedder embedder, IReadOnlyList<string> texts)
    {
        var vectors = new float[texts.Count][];
        await Parallel.ForAsync(
            0,
            texts.Count,
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (i, token) => vectors[i] = await embedder.EmbedAsync(embedder.Tokenize(texts[i], out _), token));
        return vectors;
    }
}
