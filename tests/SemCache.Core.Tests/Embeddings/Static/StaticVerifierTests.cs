using System.Runtime.InteropServices;
using SemCache.Core.Embeddings;
using SemCache.Core.Embeddings.Onnx;
using SemCache.Core.Embeddings.Static;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings.Static;

public sealed class StaticVerifierTests
{
    private const int Guards = 14;
    private const int Columns = 1 + Guards;

    private static readonly string _file = Path.Combine(TestModels.Shipped, "verifier.onnx");

    [Fact]
    public void Run_ManyPairs_EqualsOnnxRuntime()
    {
        using StaticVerifier verifier = StaticVerifier.Load(_file, Guards);
        using var oracle = new OnnxVerifier(_file, Guards, threads: 1);
        IReadOnlyList<(int[] Asked, int[] Stored)> pairs = ShippedPrompts.Pairs();
        var random = new Random(5);
        int asked = 0;
        double sum = 0;
        for (int candidates; asked < pairs.Count; asked += candidates)
        {
            candidates = Math.Min(1 + (asked % 5), pairs.Count - asked);
            var question = new VerifierQuestion(
                pairs[asked].Asked,
                [.. pairs.Skip(asked).Take(candidates).Select(pair => pair.Stored)],
                Features(random, candidates));

            float[] expected = oracle.Run(question);
            float[] actual = verifier.Run(question);

            for (int i = 0; i < candidates; i++)
            {
                Assert.Equal(expected[i], actual[i], 1e-4);
                sum += Math.Abs(expected[i] - 0.5);
            }
        }

        // The oracle did not say the same to all.
        Assert.True(asked > 800 && sum / asked is > 0.05 and < 0.499, $"{asked} pairs, {sum / asked} from a half");
    }

    [Fact]
    public void Run_Candidate_GetsTheSameAloneAndAmongOthers()
    {
        using StaticVerifier verifier = StaticVerifier.Load(_file, Guards);
        int[][] stored = [.. ShippedPrompts.Pairs().Take(8).Select(pair => pair.Stored)];
        int[] asked = ShippedPrompts.Pairs()[20].Asked;
        float[] features = Features(new Random(7), stored.Length);

        float[] together = verifier.Run(new VerifierQuestion(asked, stored, features));

        for (int i = 0; i < stored.Length; i++)
        {
            float alone = verifier.Run(new VerifierQuestion(asked, [stored[i]], features[(i * Columns)..((i + 1) * Columns)]))[0];
            Assert.Equal(alone, together[i], 1e-6);
        }
    }

    // Scores beyond what exponentials hold: only their differences count.
    [Theory]
    [InlineData(8f)]
    [InlineData(20f)]
    public void Run_LargeAttentionScores_EqualsOnnxRuntime(float bias)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "verifier.onnx");
        byte[] file = File.ReadAllBytes(_file);
        // Behind the name: field 9, a length of two bytes, then the numbers.
        int numbers = file.AsSpan().LastIndexOf("query.bias"u8) + "query.bias".Length + 3;
        MemoryMarshal.Cast<byte, float>(file.AsSpan(numbers, 128 * sizeof(float))).Fill(bias);
        File.WriteAllBytes(path, file);
        using StaticVerifier verifier = StaticVerifier.Load(path, Guards);
        using var oracle = new OnnxVerifier(path, Guards, threads: 1);
        (int[] asked, int[] stored) = ShippedPrompts.Pairs()[30];
        var question = new VerifierQuestion(asked, [stored], Features(new Random(3), 1));

        Assert.Equal(oracle.Run(question)[0], verifier.Run(question)[0], 1e-3);
    }

    [Fact]
    public void Run_ReadBefore_AllocatesTheAnswerOnly()
    {
        using StaticVerifier verifier = StaticVerifier.Load(_file, Guards);
        var question = new VerifierQuestion([2, 500, 600, 3], [[2, 500, 3], [2, 700, 800, 3]], Features(new Random(1), 2));
        verifier.Run(question);

        Assert.InRange(Allocations.Least(() => verifier.Run(question), enough: 64), 2 * sizeof(float), 64);
    }

    [Fact]
    public void Run_TokenThatTheModelDoesNotHave_Throws()
    {
        using StaticVerifier verifier = StaticVerifier.Load(_file, Guards);

        Assert.Throws<ArgumentOutOfRangeException>(() => verifier.Run(
            new VerifierQuestion([2, 3], [[2, ShippedPrompts.Vocabulary, 3]], new float[Columns])));
    }

    [Fact]
    public void Load_OtherNumberOfGuards_SaysWhatItHas()
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => StaticVerifier.Load(_file, 3));

        Assert.Contains("its input features has 15 columns, but its manifest names 3 guards", exception.Message, StringComparison.Ordinal);
    }

    private static float[] Features(Random random, int candidates)
    {
        float[] features = new float[candidates * Columns];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = i % Columns == 0 ? (random.NextSingle() * 1.1f) - 0.05f : random.Next(8) == 0 ? random.Next(1, 3) / 2f : 0;
        }

        return features;
    }
}
