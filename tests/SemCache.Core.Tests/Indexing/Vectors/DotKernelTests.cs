using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Vectors;

/// <summary>The oracle of every kernel is the scalar one, and of that one a plain sum.</summary>
public sealed class DotKernelTests
{
    private delegate int Kernel(ref byte row, ref sbyte query, int length);

    [Theory]
    [InlineData("VNNI")]
    [InlineData("512")]
    [InlineData("256")]
    [InlineData("Arm")]
    [InlineData("128")]
    public void Kernel_AnyLengthAndValues_EqualsTheScalarOne(string name)
    {
        (bool isSupported, Kernel kernel, bool hasBias) = Find(name);
        Assert.SkipUnless(isSupported, "This processor does not have it.");
        foreach ((byte[] row, sbyte[] query, int at, int length) in Inputs())
        {
            int expected = DotKernel.DotScalar(ref row[at], ref query[at], length)
                - (hasBias ? 0 : DotKernel.Bias(query.AsSpan(at, length)));

            Assert.Equal(expected, kernel(ref row[at], ref query[at], length));
        }
    }

    [Fact]
    public void Dot_AnyLengthAndValues_IsTheSumWithoutTheBias()
    {
        foreach ((byte[] row, sbyte[] query, int at, int length) in Inputs())
        {
            int sum = 0;
            int biasedSum = 0;
            int bias = 0;
            for (int i = at; i < at + length; i++)
            {
                sum += (row[i] - 128) * query[i];
                biasedSum += row[i] * query[i];
                bias += 128 * query[i];
            }

            Assert.Equal(bias, DotKernel.Bias(query.AsSpan(at, length)));
            Assert.Equal(biasedSum, DotKernel.DotScalar(ref row[at], ref query[at], length));
            Assert.Equal(sum, DotKernel.Dot(ref row[at], ref query[at], bias, length));
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(64, 64)]
    [InlineData(65, 128)]
    [InlineData(387, 448)]
    [InlineData(4096, 4096)]
    public void Stride_AnyDimension_IsTheNextMultipleOf64(int dimension, int expected) =>
        Assert.Equal(expected, DotKernel.Stride(dimension));

    [Fact]
    public void SimilarityTo_AnyDimension_EqualsANaiveSumOverTheQuantisedValues()
    {
        var random = new Random(1);
        foreach (int dimension in (int[])[32, 33, 47, 63, 64, 65, 100, 127, 129, 256, 387, 511, 1001, 2049, 4095, 4096])
        {
            var arena = new VectorArena(dimension);
            float[] vector = TestEntries.RandomVector(random, dimension);
            sbyte[] values = new sbyte[dimension];
            float scale = Quantizer.ToQuery(vector, values);
            var query = new QuantizedQuery();
            query.Load(vector);
            var rowAsQuery = new QuantizedQuery();
            for (int i = 0; i < 20; i++)
            {
                Entry entry = TestEntries.New();
                int slot = arena.Add(entry, TestEntries.RandomVector(random, dimension));

                Assert.Equal(Naive(arena, slot, values, scale), query.SimilarityTo(arena.Blocks, slot));

                rowAsQuery.Load(arena, slot);
                sbyte[] row = [.. arena.Row(slot)[..dimension].ToArray().Select(value => (sbyte)(value - 128))];
                Assert.Equal(Naive(arena, 0, row, arena.Scale(slot)), rowAsQuery.SimilarityTo(arena.Blocks, 0));
            }
        }
    }

    private static float Naive(VectorArena arena, int slot, sbyte[] query, float scale)
    {
        int dot = 0;
        for (int i = 0; i < query.Length; i++)
        {
            dot += (arena.Row(slot)[i] - 128) * query[i];
        }

        return dot * scale * arena.Scale(slot);
    }

    private static (bool IsSupported, Kernel Kernel, bool HasBias) Find(string name) => name switch
    {
        "VNNI" => (AvxVnni.IsSupported, DotKernel.DotVnni, true),
        "512" => (Avx512BW.IsSupported, DotKernel.Dot512, true),
        "256" => (Avx2.IsSupported, DotKernel.Dot256, true),
        "Arm" => (Dp.IsSupported, DotKernel.DotArm, false),
        _ => (Vector128.IsHardwareAccelerated, DotKernel.Dot128, true),
    };

    // Every length up to 4,096, in the middle of a larger array: a kernel that reads too far adds what is there.
    private static IEnumerable<(byte[] Row, sbyte[] Query, int At, int Length)> Inputs()
    {
        var random = new Random(1);
        for (int length = DotKernel.Lanes; length <= 4096; length += DotKernel.Lanes)
        {
            foreach (byte[] extremes in (byte[][])[[], [0], [255], [0, 255], [128], [0, 1, 127, 128, 255]])
            {
                foreach (sbyte[] queryExtremes in (sbyte[][])[[], [127], [-127], [-127, 127], [0]])
                {
                    int at = random.Next(1, 64);
                    byte[] row = new byte[length + 128];
                    sbyte[] query = new sbyte[length + 128];
                    random.NextBytes(row);
                    for (int i = 0; i < query.Length; i++)
                    {
                        query[i] = (sbyte)random.Next(-127, 128);
                    }

                    for (int i = at; i < at + length; i++)
                    {
                        row[i] = extremes.Length == 0 ? row[i] : extremes[random.Next(extremes.Length)];
                        query[i] = queryExtremes.Length == 0
                            ? query[i]
                            : queryExtremes[random.Next(queryExtremes.Length)];
                    }

                    yield return (row, query, at, length);
                }
            }
        }
    }
}
