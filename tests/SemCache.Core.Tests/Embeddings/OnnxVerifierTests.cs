using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core.Embeddings;
using SemCache.Core.Embeddings.Onnx;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings;

/// <summary>The verifier's numbers, in and out; the fixtures are described in Fixtures/generate_verifiers.py.</summary>
public sealed class OnnxVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_PaddedBatch_CountsEachPromptsTokensOnly()
    {
        using var model = new OnnxVerifier(Fixture("tokens"), guards: 0, threads: 1);
        int[] asked = [101, 7, 0, 102];
        int[][] stored = [[101, 7, 0, 102], [101, 6, 0, 102], [101, 102], [101, 7, 0, 102, 0, 0, 1]];

        float[] probabilities = model.Run(new VerifierQuestion(asked, stored, new float[stored.Length]));

        // 1 / (1 + difference of the sums of id + 1).
        Assert.Equal([1, 1 / 2f, 1 / 10f, 1 / 5f], probabilities);
    }

    [Fact]
    public void Run_Features_ReachTheModelRowByRow()
    {
        using var model = new OnnxVerifier(Fixture("similarity"), guards: 2, threads: 1);
        float[] features = [0.9f, 0, 0, 0.8f, 0.5f, 0, 0.6f, 0, 1];

        float[] probabilities = model.Run(new VerifierQuestion([1, 2], [[1], [1, 2], [1, 2, 3]], features));

        Assert.Equal([0.9f, 0.4f, 0], probabilities);
    }

    [Fact]
    public void Run_ProbabilityBeyondOneByRounding_IsOne()
    {
        using var model = new OnnxVerifier(Fixture("similarity"), guards: 0, threads: 1);
        Assert.Equal([1], model.Run(new VerifierQuestion([1], [[1]], [1.000001f])));
        Assert.Throws<InvalidDataException>(() => model.Run(new VerifierQuestion([1], [[1]], [1.001f])));
        Assert.Throws<InvalidDataException>(() => model.Run(new VerifierQuestion([1], [[1]], [-0.001f])));
    }

    [Theory]
    [InlineData("tokens", 1, "its input features has 1 columns, but its manifest names 1 guards")]
    [InlineData("column", 0, "its output probability holds Float in 2 dimensions instead of Float in 1")]
    public async Task Load_GraphThatIsNoVerifier_SaysWhatIsWrong(string verifier, int guards, string expected) =>
        await AssertRefusedAsync(
            TestModels.WithVerifier(
                Path.Combine(_folder.Path, "model"),
                verifier,
                manifest => manifest["verifier"]!["guards"] =
                    new JsonArray([.. Enumerable.Range(0, guards).Select(i => $"g{i}")]),
                TestModels.Fixture("tiny-bert-mean")),
            expected);

    [Fact]
    public async Task Load_EncoderInPlaceOfTheVerifier_NamesTheInputs() => await AssertRefusedAsync(
        TestModels.WithVerifier(
            Path.Combine(_folder.Path, "model"),
            "tokens",
            manifest =>
            {
                manifest["verifier"]!["file"] = ModelManifest.ModelFile;
            },
            TestModels.Fixture("tiny-bert-mean")),
        "its inputs are input_ids, attention_mask, token_type_ids, but a verifier has asked_ids");

    private static string Fixture(string name) => Path.Combine(TestModels.Fixture("verifiers"), name + ".onnx");

    private static async Task AssertRefusedAsync(string folder, string expected)
    {
        await using Embedder embedder = TestModels.Load(folder);
        CacheStartupException exception = Assert.Throws<CacheStartupException>(() => Verifier.Load(
            folder,
            embedder,
            new ModelOptions(),
            TestModels.NewMetrics(),
            TimeProvider.System,
            NullLogger<Verifier>.Instance));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
