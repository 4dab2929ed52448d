using System.Text;
using Microsoft.ML.Tokenizers;
using SemCache.Core.Embeddings;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings;

/// <summary>Against the library's tokeniser, word by word.</summary>
public sealed class WordPiecesTests
{
    private const string Letters = "etaoinsrhldcumfpgwybvkxjqz0123456789-'éüßжд中日の😀\u0301";

    private static readonly string[] _vocabulary = File.ReadAllLines(Path.Combine(TestModels.Shipped, ModelManifest.VocabularyFile));

    [Fact]
    public void Encode_ManyThousandWords_EqualsTheLibrary()
    {
        WordPieces pieces = NewPieces();
        using Stream file = File.OpenRead(Path.Combine(TestModels.Shipped, ModelManifest.VocabularyFile));
        WordPieceTokenizer library = WordPieceTokenizer.Create(
            file, new WordPieceOptions { PreTokenizer = PreTokenizer.CreateWhiteSpace(), SpecialTokens = null });
        int[] ids = new int[300];
        int unknown = 0;
        int split = 0;

        foreach (string word in Words())
        {
            int count = pieces.Encode(word, ids);

            Assert.Equal(library.EncodeToIds(word), ids[..count]);
            unknown += count == 1 && _vocabulary[ids[0]] == "[UNK]" ? 1 : 0;
            split += count > 1 ? 1 : 0;
        }

        Assert.True(unknown > 1_000 && split > 10_000, $"{unknown} unknown, {split} split");
    }

    [Fact]
    public void Encode_NoWord_IsNothing() => Assert.Equal(0, NewPieces().Encode("", new int[1]));

    private static WordPieces NewPieces()
    {
        Dictionary<string, int> ids = [];
        foreach (string token in _vocabulary)
        {
            ids.Add(token, ids.Count);
        }

        return new WordPieces(ids, ids["[UNK]"]);
    }

    // The vocabulary's words alone, two of them as one, with letters changed, and any letters, up to more than a word may have.
    private static IEnumerable<string> Words()
    {
        var random = new Random(17);
        string[] words = [.. _vocabulary.Where(token => !token.StartsWith("##", StringComparison.Ordinal))];
        Rune[] letters = [.. Letters.EnumerateRunes()];
        for (int i = 0; i < words.Length; i++)
        {
            string other = words[random.Next(words.Length)];
            yield return words[i];
            yield return words[i] + other;
            yield return words[i].Remove(random.Next(words[i].Length), 1) + letters[random.Next(letters.Length)] + "x";
        }

        for (int i = 0; i < 5_000; i++)
        {
            yield return string.Concat(
                Enumerable.Range(0, 1 + (i % 120)).Select(_ => letters[random.Next(i % 2 == 0 ? 20 : letters.Length)].ToString()));
        }
    }
}
