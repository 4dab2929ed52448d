using System.Text.Json;
using SemCache.Core.Embeddings;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings.Static;

/// <summary>Pairs of prompts, as the shipped model's tokeniser reads them.</summary>
internal static class ShippedPrompts
{
    public const int Window = 32;
    public const int Vocabulary = 30_000;

    private static readonly string[] _odd =
    [
        "", " ", "?", "a", "的", "東京の天気は？", "ὕδωρ", "the the the the the the the the", "C++", "x<y", "1 2 3 4 5 6 7 8 9 10",
        "😀", "𠮷野家", "ﬁancé naïve coöperate", string.Join(' ', Enumerable.Repeat("word", Window - 2)),
        string.Join(' ', Enumerable.Repeat("中", Window - 2)), "What is\tthe\ncapital of France?",
    ];

    /// <summary>Sample pairs, cases of guards, every odd text beside a plain one, and rows of random tokens.</summary>
    public static IReadOnlyList<(int[] Asked, int[] Stored)> Pairs()
    {
        using Stream vocabulary = File.OpenRead(Path.Combine(TestModels.Shipped, ModelManifest.VocabularyFile));
        var tokenizer = new BertTokenizer(vocabulary, lowerCase: true);
        List<(int[], int[])> pairs =
        [
            .. Texts().Select(pair => (tokenizer.Encode(pair.A), tokenizer.Encode(pair.B))),
            .. Texts().Take(200).Zip(Texts().Skip(200), (one, other) => (tokenizer.Encode(one.A), tokenizer.Encode(other.B))),
        ];
        var random = new Random(20_261_130);
        for (int i = 0; i < 300; i++)
        {
            pairs.Add((RandomTokens(random), RandomTokens(random)));
        }

        pairs.Add(([2], [Vocabulary - 1]));
        pairs.Add((RandomTokens(random, Window), RandomTokens(random, Window)));
        return [.. pairs.Where(pair => Math.Max(pair.Item1.Length, pair.Item2.Length) <= Window)];
    }

    private static List<(string A, string B)> Texts()
    {
        List<(string, string)> texts = [.. _odd.Select(text => (text, "What is the capital of France?")), .. _odd.Zip(_odd)];
        foreach (string line in File.ReadLines(Path.Combine(TestModels.Fixture("sample-pairs.jsonl"))))
        {
            using var json = JsonDocument.Parse(line);
            texts.Add((json.RootElement.GetProperty("a").GetString()!, json.RootElement.GetProperty("b").GetString()!));
        }

        foreach (string file in Directory.EnumerateFiles(
            Path.Combine(AppContext.BaseDirectory, "Matching", "Guards", "Cases"), "*.tsv").Order(StringComparer.Ordinal))
        {
            foreach (string[] columns in File.ReadLines(file).Select(line => line.Split('\t')).Where(columns => columns.Length >= 3))
            {
                texts.Add((columns[^2], columns[^1]));
            }
        }

        return texts;
    }

    private static int[] RandomTokens(Random random, int length = 0) =>
        [.. Enumerable.Range(0, length > 0 ? length : random.Next(1, Window + 1)).Select(_ => random.Next(Vocabulary))];
}
