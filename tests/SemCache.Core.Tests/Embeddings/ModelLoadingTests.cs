using System.Security.Cryptography;
using SemCache.Core.Embeddings;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings;

public sealed class ModelLoadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_MissingFolder_NamesIt() => AssertRefused(Path.Combine(_folder.Path, "none"), "does not exist");

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("vocab.txt")]
    [InlineData("manifest.json")]
    public void Load_MissingFile_NamesIt(string file)
    {
        string model = CopyOfTiny();
        File.Delete(Path.Combine(model, file));
        AssertRefused(model, file);
    }

    [Fact]
    public void Load_ChangedByte_NamesTheHash()
    {
        string model = CopyOfTiny();
        string path = Path.Combine(model, ModelManifest.ModelFile);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused(model, "SHA-256");
    }

    [Fact]
    public void Load_NoOnnxFile_SaysThatItCannotBeUsed()
    {
        string model = CopyOfTiny();
        ReplaceFile(model, ModelManifest.ModelFile, [1, 2, 3, 4]);
        AssertRefused(model, "cannot be used");
    }

    [Fact]
    public void Load_VocabularyLargerThanTheModel_SaysThatItDoesNotFit()
    {
        string model = CopyOfTiny();
        byte[] vocabulary = [.. File.ReadAllBytes(Path.Combine(model, "vocab.txt")), .. "\nzzzz\nyyyy\n"u8];
        ReplaceFile(model, ModelManifest.VocabularyFile, vocabulary);
        AssertRefused(model, "does not fit the model");
    }

    [Fact]
    public void Load_VocabularyWithoutSpecialToken_NamesIt()
    {
        string model = CopyOfTiny();
        string vocabulary = File.ReadAllText(Path.Combine(model, "vocab.txt"));
        ReplaceFile(model, ModelManifest.VocabularyFile, System.Text.Encoding.UTF8.GetBytes(vocabulary.Replace("[SEP]", "sep!")));
        AssertRefused(model, "[SEP]");
    }

    [Theory]
    [InlineData("\"dimension\": 32", "\"dimension\": 48", "components")]
    [InlineData("\"dimension\": 32", "\"dimension\": 8", "32 to 4096")]
    [InlineData("\"window\": 64", "\"window\": 0", "3 to 131072")]
    [InlineData("\"pooling\": \"mean\"", "\"pooling\": \"none\"", "sentence_embedding")]
    [InlineData("\"pooling\": \"mean\"", "\"pooling\": \"max\"", "manifest.json is wrong")]
    [InlineData("\"window\"", "\"windows\"", "manifest.json is wrong")]
    public void Load_WrongManifest_SaysWhat(string original, string changed, string expected)
    {
        string model = CopyOfTiny();
        string path = Path.Combine(model, ModelManifest.FileName);
        string manifest = File.ReadAllText(path);
        Assert.Contains(original, manifest, StringComparison.Ordinal);
        File.WriteAllText(path, manifest.Replace(original, changed, StringComparison.Ordinal));
        AssertRefused(model, expected);
    }

    private static void AssertRefused(string folder, string expected)
    {
        CacheStartupException exception = Assert.Throws<CacheStartupException>(() => TestModels.Load(folder));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static void ReplaceFile(string model, string file, byte[] content)
    {
        string manifest = Path.Combine(model, ModelManifest.FileName);
        string path = Path.Combine(model, file);
        string oldHash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        File.WriteAllBytes(path, content);
        File.WriteAllText(
            manifest,
            File.ReadAllText(manifest).Replace(oldHash, Convert.ToHexStringLower(SHA256.HashData(content))));
    }

    private string CopyOfTiny()
    {
        string copy = Path.Combine(_folder.Path, "model");
        TestModels.Copy(TestModels.Fixture("tiny-bert-mean"), copy);
        return copy;
    }
}
