using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;

namespace SemCache.Core.Tests.Embeddings;

public class XlmRobertaTokenizerTests
{
    private static readonly string _fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures");
    private static readonly string _folder = Path.Combine(_fixtures, "tiny-xlm-roberta");

    [Fact]
    public void Encode_TextInManyScripts_GivesTheReferencesIds()
    {
        XlmRobertaTokenizer tokenizer = Open();
        Expected[] expected = JsonSerializer.Deserialize<Expected[]>(
            File.ReadAllText(Path.Combine(_fixtures, "tiny-xlm-roberta-expected.json")), JsonSerializerOptions.Web)!;

        Assert.True(expected.Length > 20);
        Assert.All(expected, text => Assert.Equal(Merged(text.Ids), Merged(tokenizer.Encode(text.Text))));
    }

    [Theory]
    [InlineData("10² m")]
    [InlineData("½ a cup")]
    [InlineData("step ①")]
    public void Encode_NumberThatNormalisationRewrites_IsUnknown(string text) =>
        Assert.Equal([0, 3, 2], Open().Encode(text));

    [Fact]
    public void Create_NoSentencePieceModel_IsExplained() =>
        Assert.StartsWith(
            "the vocabulary ",
            Assert.Throws<InvalidDataException>(() => new XlmRobertaTokenizer(new MemoryStream([1, 2, 3]))).Message);

    [Fact]
    public async Task Embedder_ModelWithIt_Embeds()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<SemCacheMetrics>()
            .BuildServiceProvider();
        await using Embedder embedder = Embedder.Load(
            _folder, new ModelOptions { Workers = 1 }, services.GetRequiredService<SemCacheMetrics>(),
            NullLogger<Embedder>.Instance);

        float[] vector = await embedder.EmbedAsync(embedder.Tokenize("密码", out MissReason unread), default);
        embedder.Tokenize("\u2603", out MissReason unspelled);

        Assert.Equal(MissReason.None, unread);
        Assert.Equal(MissReason.UnknownWord, unspelled);
        Assert.Equal(1, vector.Sum(component => component * component), 4);
    }

    [Fact]
    public void Manifest_LowerCase_DoesNotGoWithIt()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("semcache-xlm-");
        try
        {
            string manifest = File.ReadAllText(Path.Combine(_folder, ModelManifest.FileName));
            File.WriteAllText(
                Path.Combine(folder.FullName, ModelManifest.FileName),
                manifest.Replace("\"lowerCase\": false", "\"lowerCase\": true"));

            Assert.Contains(
                "with tokenizer xlmRoberta it must be false",
                Assert.Throws<CacheStartupException>(() => ModelManifest.Load(folder.FullName)).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static XlmRobertaTokenizer Open()
    {
        using FileStream model = File.OpenRead(Path.Combine(_folder, ModelManifest.SentencePieceFile));
        return new XlmRobertaTokenizer(model);
    }

    // The reference writes neighbouring unknown characters as one token, the library one by one. Neither is ever
    // embedded.
    private static int[] Merged(int[] ids) => [.. ids.Where((id, i) => id != 3 || ids[i - 1] != 3)];

    private sealed record Expected(string Text, int[] Ids);
}
