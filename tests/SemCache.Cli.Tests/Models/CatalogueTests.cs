using SemCache.Cli.Models;
using SemCache.Core.Embeddings;

namespace SemCache.Cli.Tests.Models;

public class CatalogueTests
{
    private static readonly Catalogue _catalogue = Catalogue.Load();

    public static TheoryData<string> Names => [.. _catalogue.Models.Select(model => model.Name)];

    [Fact]
    public void Names_DifferAlsoWithoutCase()
    {
        Assert.NotEmpty(_catalogue.Models);
        Assert.Distinct(_catalogue.Models.Select(model => model.Name), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("bge-small-en-v1.5")]
    [InlineData("e5-small-v2")]
    [InlineData("gte-small")]
    [InlineData("multilingual-e5-small")]
    [InlineData("paraphrase-multilingual-MiniLM-L12-v2")]
    public void WellKnownEncoders_AreThereWithEightBitsToo(string name)
    {
        Assert.NotNull(_catalogue.Find(name));
        Assert.NotNull(_catalogue.Find(name.ToUpperInvariant() + "-INT8"));
        Assert.Null(_catalogue.Find(name + "-int4"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_IsDescribedWithinTheBoundsOfAManifest(string name)
    {
        var model = _catalogue.Find(name)!;

        // A model's name is the name of its folder.
        Assert.Matches("^[A-Za-z0-9][A-Za-z0-9._-]*$", model.Name);
        Assert.InRange(model.Dimension, ModelManifest.MinDimension, ModelManifest.MaxDimension);
        Assert.InRange(model.Window, ModelManifest.MinWindow, ModelManifest.MaxWindow);
        Assert.Contains(model.Licence, new[] { "Apache-2.0", "MIT" });
        Assert.NotEmpty(model.Languages);
        Assert.NotEmpty(model.Description);
        Assert.Equal(name.Contains("e5-") ? "query: " : "", model.QueryPrefix);
        Assert.DoesNotContain('.', model.Notes?[^1..] ?? "");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_AreAtFixedRevisionsWithWellFormedHashes(string name)
    {
        var model = _catalogue.Find(name)!;

        Assert.Matches("^[0-9a-f]{40}$", model.Revision);
        Assert.Matches("^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$", model.Repository);
        Assert.All(model.Files, file =>
        {
            Assert.Matches("^[A-Za-z0-9._-]+$", file.Name);
            Assert.Matches("^[0-9a-f]{64}$", file.Sha256 ?? new string('0', 64));
            Assert.InRange(file.Size ?? 1, 1, int.MaxValue);
            Assert.Equal(file.Repository is null, file.Revision is null);
            Assert.Matches("^[0-9a-f]{40}$", file.Revision ?? model.Revision);
            Assert.Matches(@"^[^/]+/[^/]+/resolve/[0-9a-f]{40}/[A-Za-z0-9._/-]+$", model.AddressOf(file));
        });
        Assert.Contains(model.Files, file => file.Name == ModelManifest.ModelFile);
        Assert.Contains(
            model.Files, file => file.Name == model.Manifest(new Dictionary<string, string>()).TokenizerFile);
        Assert.False(model is { Tokenizer: TokenizerKind.XlmRoberta, LowerCase: true });
    }

    [Fact]
    public void UnpinnedModels_AreTheOnesThatAreKnownToBe() =>
        Assert.Equal(["e5-small-v2"], _catalogue.Models.Where(model => !model.IsPinned).Select(model => model.Name));
}
