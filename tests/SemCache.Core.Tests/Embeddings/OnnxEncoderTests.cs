using System.Numerics.Tensors;
using System.Text.Json;
using SemCache.Core.Embeddings;
using SemCache.Core.Embeddings.Onnx;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings;

/// <summary>The expected tokens and vectors were computed by PyTorch: see Fixtures/generate_tiny_bert.py.</summary>
public sealed class OnnxEncoderTests
{
    private const float Tolerance = 1e-5f;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public static TheoryData<string> Models =>
        ["tiny-bert-mean", "tiny-bert-cls", "tiny-bert-sentence", "tiny-bert-prefix"];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task EmbedAsync_BertModel_EqualsPyTorch(string model)
    {
        await using Embedder embedder = TestModels.Load(TestModels.Fixture(model));
        foreach (Expected expected in Read(model))
        {
            int[] tokens = embedder.Tokenize(expected.Text, out _);
            Assert.Equal(expected.Tokens, tokens);
            float[] vector = await embedder.EmbedAsync(tokens, TestContext.Current.CancellationToken);
            AssertClose(expected.Vector, vector, expected.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Run_PaddedBatch_EqualsEachAlone(string model)
    {
        string folder = TestModels.Fixture(model);
        ModelManifest manifest = ModelManifest.Load(folder);
        using var encoder = new OnnxEncoder(Path.Combine(folder, ModelManifest.ModelFile), manifest, padding: 0, threads: 1);
        Expected[] expected = Read(model);
        float[] vectors = new float[expected.Length * manifest.Dimension];

        encoder.Run([.. expected.Select(e => e.Tokens)], vectors);

        for (int i = 0; i < expected.Length; i++)
        {
            AssertClose(
                expected[i].Vector, vectors.AsSpan(i * manifest.Dimension, manifest.Dimension), expected[i].Text);
        }
    }

    [Fact]
    public async Task EmbedAsync_ManyAtOnce_EachGetsItsOwnVector()
    {
        await using Embedder embedder = TestModels.Load(TestModels.Fixture("tiny-bert-mean"));
        Expected[] expected = Read("tiny-bert-mean");

        await Parallel.ForAsync(0, 500, async (i, token) =>
        {
            Expected one = expected[i % expected.Length];
            float[] vector = await embedder.EmbedAsync(one.Tokens, token);
            AssertClose(one.Vector, vector, one.Text);
        });
    }

    [Fact]
    public async Task Tokenize_AtTheWindow_FitsAndOneMoreDoesNot()
    {
        await using Embedder embedder = TestModels.Load(TestModels.Fixture("tiny-bert-mean"));
        string fits = string.Join(' ', Enumerable.Repeat("a", 62));

        Assert.Equal(64, embedder.Tokenize(fits, out MissReason unread).Length);
        Assert.Equal(MissReason.None, unread);
        embedder.Tokenize(fits + " a", out unread);
        Assert.Equal(MissReason.OverWindow, unread);
    }

    [Fact]
    public async Task EmbedAsync_DefaultModel_HasUnitLengthAndKnownSimilarity()
    {
        await using Embedder embedder = TestModels.Load(TestModels.Default);
        async Task<float[]> EmbedAsync(string text) => await embedder.EmbedAsync(
            embedder.Tokenize(text, out _), TestContext.Current.CancellationToken);

        float[] question = await EmbedAsync("What is the capital of France?");
        float[] reworded = await EmbedAsync("What's the capital of France");
        float[] other = await EmbedAsync("How do I bake sourdough bread?");

        Assert.Equal(1, TensorPrimitives.Norm(question), 1e-5);
        Assert.Equal(0.973, TensorPrimitives.Dot<float>(question, reworded), 1e-3);
        Assert.Equal(0.287, TensorPrimitives.Dot<float>(question, other), 1e-3);
    }

    [Fact]
    public async Task EmbedAsync_Cancelled_Throws()
    {
        await using Embedder embedder = TestModels.Load(TestModels.Default);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await embedder.EmbedAsync(embedder.Tokenize("a", out _), cancelled.Token));
    }

    private static Expected[] Read(string model)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "tiny-bert-expected.json");
        return JsonSerializer.Deserialize<Dictionary<string, Expected[]>>(File.ReadAllBytes(path), _json)![model];
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string text)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(
            MaxDifference(expected, actual) <= Tolerance, $"{MaxDifference(expected, actual)} apart for '{text}'");
    }

    private static float MaxDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float[] difference = new float[a.Length];
        TensorPrimitives.Subtract(a, b, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference));
    }

    private sealed record Expected(string Text, int[] Tokens, float[] Vector);
}
