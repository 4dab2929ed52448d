using System.Text.Json.Nodes;
using SemCache.Core.Embeddings;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings;

/// <summary>What a manifest may say of a verifier, and what the engine makes of it.</summary>
public sealed class VerifierManifestTests : IDisposable
{
    private static readonly VerifierManifest _manifest = new()
    {
        File = "verifier.onnx",
        Guards = [],
        Floor = 0.5,
        Certain = 2,
        Candidates = 4,
        ErrorRates = [new(0.005, 0.98), new(0.01, 0.94), new(0.02, 0.94), new(0.1, 0.6)],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0.98)]
    [InlineData(0.001, 0.98)]
    [InlineData(0.005, 0.98)]
    [InlineData(0.0075, 0.96)]
    [InlineData(0.01, 0.94)]
    [InlineData(0.015, 0.94)]
    [InlineData(0.06, 0.77)]
    [InlineData(0.1, 0.6)]
    [InlineData(0.999, 0.6)]
    [InlineData(1, 0)]
    public void BarFor_Rate_IsLinearBetweenTheRowsAndNeverLooserThanMeasured(double maxErrorRate, double bar) =>
        Assert.Equal(bar, _manifest.BarFor(maxErrorRate), 1e-12);

    [Fact]
    public void BarFor_OneRow_HoldsEveryRateToIt()
    {
        VerifierManifest manifest = _manifest with { ErrorRates = [new(0.01, 0.9)] };
        Assert.All([0, 0.01, 0.5], rate => Assert.Equal(0.9, manifest.BarFor(rate)));
        Assert.Equal(0, manifest.BarFor(1));
    }

    [Fact]
    public void Load_WithVerifier_ReadsIt()
    {
        ModelManifest manifest = ModelManifest.Load(Model(_ => { }));
        Assert.Equal((0.96, 0.5, 4), (manifest.Threshold, manifest.Verifier!.Floor, manifest.Verifier.Candidates));
        Assert.Equal(new ErrorRateRow(0.005, 0.97), manifest.Verifier.ErrorRates[0]);
    }

    [Theory]
    [InlineData("threshold", "1.1", "threshold 1.1; allowed is -1 to 1")]
    [InlineData("verifier.file", "\"../verifier.onnx\"", "verifier.file")]
    [InlineData("verifier.file", "\"other.onnx\"", "other.onnx is missing")]
    [InlineData("verifier.guards", "[null]", "verifier.guards holds null")]
    [InlineData("verifier.guards", "[\"a\", \"a\"]", "verifier.guards names a guard twice")]
    [InlineData("verifier.guards", "null", "manifest.json is wrong")]
    [InlineData("verifier.floor", "-2", "verifier.floor is -2; allowed is -1 to 1")]
    [InlineData("verifier.certain", "0.4", "verifier.certain is 0.4; allowed is the floor or more")]
    [InlineData("verifier.candidates", "0", "verifier.candidates is 0; allowed is 1 to 32")]
    [InlineData("verifier.candidates", "33", "verifier.candidates is 33; allowed is 1 to 32")]
    [InlineData("verifier.errorRates", "[]", "verifier.errorRates is empty")]
    [InlineData("verifier.errorRates", "[null]", "manifest.json is wrong")]
    [InlineData("verifier.errorRates", "[{\"maxErrorRate\":0.1}]", "manifest.json is wrong")]
    [InlineData("verifier.errorRates", "[{\"maxErrorRate\":0,\"probability\":0.9}]",
        "verifier.errorRates[0].maxErrorRate is 0; allowed is more than 0, up to 1")]
    [InlineData("verifier.errorRates", "[{\"maxErrorRate\":0.1,\"probability\":1.5}]",
        "verifier.errorRates[0].probability is 1.5; allowed is 0 to 1")]
    [InlineData("verifier.errorRates",
        "[{\"maxErrorRate\":0.1,\"probability\":0.9},{\"maxErrorRate\":0.1,\"probability\":0.8}]",
        "verifier.errorRates[1].maxErrorRate is 0.1; allowed is more than 0.1, up to 1")]
    [InlineData("verifier.errorRates",
        "[{\"maxErrorRate\":0.1,\"probability\":0.8},{\"maxErrorRate\":0.2,\"probability\":0.9}]",
        "verifier.errorRates[1].probability is 0.9; allowed is 0 to 0.8")]
    [InlineData("verifier.ceiling", "1", "manifest.json is wrong")]
    public void Load_WrongField_NamesItAndWhatIsAllowed(string field, string value, string expected)
    {
        string model = Model(manifest =>
        {
            string[] path = field.Split('.');
            JsonNode parent = path.Length == 1 ? manifest : manifest[path[0]]!;
            parent[path[^1]] = JsonNode.Parse(value);
        });
        AssertRefused(model, expected);
    }

    [Fact]
    public void Load_VerifierWithoutHash_NamesIt() => AssertRefused(
        Model(manifest => manifest["sha256"]!.AsObject().Remove("verifier.onnx")), "no sha256 for verifier.onnx");

    [Fact]
    public void Load_ChangedVerifier_NamesTheHash()
    {
        string model = Model(_ => { });
        File.AppendAllText(Path.Combine(model, "verifier.onnx"), "!");
        AssertRefused(model, "SHA-256");
    }

    private static void AssertRefused(string folder, string expected)
    {
        CacheStartupException exception = Assert.Throws<CacheStartupException>(() => ModelManifest.Load(folder));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private string Model(Action<JsonNode> change) => TestModels.WithVerifier(
        Path.Combine(_folder.Path, "model"), "similarity", change, TestModels.Fixture("tiny-bert-mean"));
}
