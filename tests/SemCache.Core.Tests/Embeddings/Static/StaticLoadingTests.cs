using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using SemCache.Core.Embeddings;
using SemCache.Core.Embeddings.Static;
using SemCache.Core.Embeddings.Static.Reading;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings.Static;

/// <summary>Files that are no model of the architecture, or damaged: one error, whatever they say of themselves.</summary>
public sealed class StaticLoadingTests : IDisposable
{
    private const int Guards = 14;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "it is no ONNX file")]
    [InlineData("08", "ends within a number")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF01", "ends within a number")]
    [InlineData("3AFFFFFFFF07", "bytes too early")]
    [InlineData("3AFFFFFFFFFFFFFFFFFF01", "bytes too early")]
    [InlineData("0B", "wire type 3")]
    [InlineData("0D01", "ends within a number")]
    [InlineData("3D01", "has wire type 5 for bytes")]
    [InlineData("00", "has no field 0")]
    [InlineData("3A00", "it makes no sentence_embedding")]
    [InlineData("3A022A80", "ends within a number")]
    public void Load_Damaged_SaysHow(string file, string expected)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(
            () => StaticEncoder.Load(Write(Convert.FromHexString(file)), 256));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MoreThanMemoryCanHold_SaysHowMuch()
    {
        string path = Path.Combine(_folder.Path, "file.onnx");
        using (FileStream sparse = File.Create(path))
        {
            sparse.SetLength(Array.MaxLength + 1L);
        }

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => StaticEncoder.Load(path, 256));

        Assert.Contains("it has 2147483592 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ShippedFileCutAnywhere_NeverThrowsAnythingElse()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(TestModels.Shipped, "verifier.onnx"));
        Gen.Int[0, file.Length - 1].Sample(
            length => Assert.Throws<InvalidDataException>(() => StaticVerifier.Load(Write(file[..length]), Guards)),
            iter: 30,
            threads: 1);
    }

    // The file begins with the graph's operations; behind them is little but numbers, which may be anything.
    [Fact]
    public void Load_ShippedFileWithChangedBytes_ThrowsOrLoads()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(TestModels.Shipped, ModelManifest.ModelFile));
        Gen.Select(Gen.Int[0, 7_500], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                byte[] damaged = [.. file];
                foreach ((int place, byte value) in changes)
                {
                    damaged[place] = value;
                }

                try
                {
                    StaticEncoder.Load(Write(damaged), 256).Dispose();
                }
                catch (InvalidDataException)
                {
                }
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [InlineData("semcache-mini/verifier.onnx", "it makes no sentence_embedding")]
    [InlineData("semcache-mini-v0/model.onnx", "its graph is not of architecture static: ReduceSum makes sum, where Add belongs")]
    public void Load_OtherGraph_SaysWhatIsNotStatic(string file, string expected)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(
            () => StaticEncoder.Load(Path.Combine(AppContext.BaseDirectory, "models", file), 256));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WeightThatIsNoNumber_NamesTheTensor()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(TestModels.Shipped, ModelManifest.ModelFile));
        int name = file.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes("encoder.trigrams.bias"));
        // Behind the name: field 9, a length of two bytes, then the numbers.
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(name + "encoder.trigrams.bias".Length + 3), float.NaN);

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => StaticEncoder.Load(Write(file), 256));

        Assert.Contains("'encoder.trigrams.bias' holds something that is no finite number", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherDimension_SaysBoth()
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(
            () => StaticEncoder.Load(Path.Combine(TestModels.Shipped, ModelManifest.ModelFile), 128));

        Assert.Contains("its vectors have 256 components, but its manifest says 128", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"pooling\": \"none\"", "\"pooling\": \"mean\"", "with architecture static it must be none")]
    [InlineData("\"architecture\": \"static\"", "\"architecture\": \"other\"", "manifest.json is wrong")]
    public void Load_WrongManifest_SaysWhat(string original, string changed, string expected)
    {
        string model = CopyOfShipped();
        string path = Path.Combine(model, ModelManifest.FileName);
        File.WriteAllText(path, File.ReadAllText(path).Replace(original, changed, StringComparison.Ordinal));

        CacheStartupException exception = Assert.Throws<CacheStartupException>(() => TestModels.Load(model));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ModelFileThatIsNoOnnx_NamesFolderAndFile()
    {
        string model = CopyOfShipped();
        string file = Path.Combine(model, ModelManifest.ModelFile);
        string before = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        File.WriteAllBytes(file, [1, 2, 3]);
        string manifest = Path.Combine(model, ModelManifest.FileName);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(before, Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))));

        CacheStartupException exception = Assert.Throws<CacheStartupException>(() => TestModels.Load(model));

        Assert.Contains(model, exception.Message, StringComparison.Ordinal);
        Assert.Contains("model.onnx", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public async Task Fingerprint_StaticOrOnnxRuntime_IsTheSame()
    {
        string model = CopyOfShipped();
        string path = Path.Combine(model, ModelManifest.FileName);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"architecture\": \"static\",", "", StringComparison.Ordinal));
        await using Embedder onnx = TestModels.Load(model);
        await using Embedder own = TestModels.Load(TestModels.Shipped);

        Assert.Equal((false, true), (onnx.RunsInline, own.RunsInline));
        Assert.Equal(onnx.Fingerprint, own.Fingerprint);
    }

    private string CopyOfShipped()
    {
        string copy = Path.Combine(_folder.Path, "model");
        TestModels.Copy(TestModels.Shipped, copy);
        return copy;
    }

    private string Write(byte[] file)
    {
        string path = Path.Combine(_folder.Path, "file.onnx");
        File.WriteAllBytes(path, file);
        return path;
    }
}
