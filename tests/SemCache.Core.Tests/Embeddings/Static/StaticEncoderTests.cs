using System.Numerics.Tensors;
using SemCache.Core.Embeddings;
using SemCache.Core.Embeddings.Onnx;
using SemCache.Core.Embeddings.Static;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings.Static;

public sealed class StaticEncoderTests
{
    private const int Dimension = 256;

    private static readonly string _file = Path.Combine(TestModels.Shipped, ModelManifest.ModelFile);

    [Fact]
    public void Run_ManyPrompts_EqualsOnnxRuntime()
    {
        using StaticEncoder encoder = StaticEncoder.Load(_file, Dimension);
        using var oracle = new OnnxEncoder(_file, ModelManifest.Load(TestModels.Shipped), padding: 0, threads: 1);
        int[][] prompts = [.. ShippedPrompts.Pairs().SelectMany(pair => (int[][])[pair.Asked, pair.Stored])];
        float[] expected = new float[Dimension];
        float[] actual = new float[Dimension];

        Assert.True(prompts.Length > 1_000, $"{prompts.Length} prompts");
        foreach (int[] tokens in prompts)
        {
            oracle.Run([tokens], expected);
            encoder.Run([tokens], actual);

            // In double precision: what is measured must not be the sum's own rounding.
            double cosine = expected.Zip(actual, (one, other) => (double)one * other).Sum();
            Assert.InRange(cosine, 1 - 1e-6, 1 + 1e-6);
            Assert.InRange(TensorPrimitives.Distance<float>(expected, actual), 0, 1e-4f);
        }
    }

    [Fact]
    public void Run_Batch_EqualsEachAlone()
    {
        using StaticEncoder encoder = StaticEncoder.Load(_file, Dimension);
        int[][] prompts = [[2, 500, 3], [2, 3], [2, 7, 9, 11, 3]];
        float[] vectors = new float[prompts.Length * Dimension];
        float[] alone = new float[Dimension];

        encoder.Run(prompts, vectors);

        for (int i = 0; i < prompts.Length; i++)
        {
            encoder.Run([prompts[i]], alone);
            Assert.Equal(alone, vectors.AsSpan(i * Dimension, Dimension).ToArray());
        }
    }

    [Fact]
    public async Task Run_ManyThreadsMeetAtNewTokens_AllGetTheSame()
    {
        using StaticEncoder encoder = StaticEncoder.Load(_file, Dimension);
        using StaticEncoder fresh = StaticEncoder.Load(_file, Dimension);
        int[][] prompts = [.. ShippedPrompts.Pairs().Take(100).Select(pair => pair.Asked)];

        float[][] found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            float[] vectors = new float[prompts.Length * Dimension];
            encoder.Run(prompts, vectors);
            return vectors;
        })));

        float[] expected = new float[prompts.Length * Dimension];
        fresh.Run(prompts, expected);
        Assert.All(found, vectors => Assert.Equal(expected, vectors));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(ShippedPrompts.Vocabulary)]
    public void Run_TokenThatTheModelDoesNotHave_Throws(int token)
    {
        using StaticEncoder encoder = StaticEncoder.Load(_file, Dimension);

        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Run([[2, token, 3]], new float[Dimension]));
    }

    [Fact]
    public async Task EmbedAsync_ShippedModel_RunsInlineAndAllocatesTheVectorOnly()
    {
        await using Embedder embedder = TestModels.Load(TestModels.Shipped);
        int[] tokens = embedder.Tokenize("How do I export my data?", out _);
        const int bytes = Dimension * sizeof(float);
        ValueTask<float[]> vector = embedder.EmbedAsync(tokens, CancellationToken.None);

        Assert.True(embedder.RunsInline);
        Assert.True(vector.IsCompletedSuccessfully);
        Assert.InRange(
            Allocations.Least(() => _ = embedder.EmbedAsync(tokens, CancellationToken.None), bytes + 64), bytes, bytes + 64);
        Assert.Equal(1, TensorPrimitives.Norm(await vector), 1e-5);
    }

    [Fact]
    public async Task EmbedAsync_Cancelled_Throws()
    {
        await using Embedder embedder = TestModels.Load(TestModels.Shipped);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await embedder.EmbedAsync([2, 3], new CancellationToken(canceled: true)));
    }
}
