using System.Security.Cryptography;
using SemCache.Cli.Models;
using SemCache.Core.Embeddings;

namespace SemCache.Cli.Tests.Models;

/// <summary>A tiny encoder that works, as a folder and as an entry of a catalogue.</summary>
internal static class TinyModel
{
    public const string Name = "tiny";

    private const string Repository = "owner/tiny";
    private const string Revision = "0123456789abcdef0123456789abcdef01234567";

    public static string Mean => Fixture("tiny-bert-mean");

    public static string Cls => Fixture("tiny-bert-cls");

    /// <summary>The bytes of one of its files.</summary>
    public static byte[] Content(string file) => File.ReadAllBytes(Path.Combine(Mean, file));

    /// <summary>Puts its files where the catalogue's entry says.</summary>
    public static void AddTo(FakeMirror mirror, string prefix = "")
    {
        mirror.Add($"{prefix}/{Repository}/resolve/{Revision}/onnx/model.onnx", Content("model.onnx"));
        mirror.Add($"{prefix}/other/vocabulary/resolve/{Revision}/vocab.txt", Content("vocab.txt"));
    }

    public static CatalogueModel Entry(bool pinned = true) => new()
    {
        Name = Name,
        Description = "A test's",
        Languages = "English",
        Dimension = 32,
        Window = 64,
        Pooling = Pooling.Mean,
        Normalize = true,
        Tokenizer = TokenizerKind.Bert,
        LowerCase = true,
        QueryPrefix = "",
        Licence = "Apache-2.0",
        Repository = Repository,
        Revision = Revision,
        Files = [ModelFile(pinned), VocabularyFile],
    };

    private static CatalogueFile VocabularyFile => new()
    {
        Name = "vocab.txt",
        Path = "vocab.txt",
        Repository = "other/vocabulary",
        Revision = Revision,
        Size = Content("vocab.txt").Length,
        Sha256 = Hash("vocab.txt"),
    };

    public static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(Content(file)));

    private static CatalogueFile ModelFile(bool pinned) => new()
    {
        Name = "model.onnx",
        Path = "onnx/model.onnx",
        Size = pinned ? Content("model.onnx").Length : null,
        Sha256 = pinned ? Hash("model.onnx") : null,
    };

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
}
