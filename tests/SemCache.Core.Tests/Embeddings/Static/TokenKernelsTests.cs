using System.Runtime.Intrinsics;
using SemCache.Core.Embeddings.Static.Kernels;

namespace SemCache.Core.Tests.Embeddings.Static;

/// <summary>Every width that this processor has against the scalar kernel, which is the definition.</summary>
public sealed class TokenKernelsTests
{
    private const float Tolerance = 1e-5f;
    private const int Rows = 5;

    private static readonly int[] _lengths = [0, 16, 32, 48, 64, 80, 96, 192, 288];

    private readonly Random _random = new(3);

    [Fact]
    public void AllKernels_AnyLength_EqualTheScalarOnes()
    {
        if (Vector128.IsHardwareAccelerated)
        {
            AssertEqualsScalar<Lanes128, Vector128<float>>();
        }

        if (Vector256.IsHardwareAccelerated)
        {
            AssertEqualsScalar<Lanes256, Vector256<float>>();
        }

        if (Vector512.IsHardwareAccelerated)
        {
            AssertEqualsScalar<Lanes512, Vector512<float>>();
        }
    }

    [Fact]
    public void ScalarKernels_SmallNumbers_DoWhatTheySay()
    {
        float[] to = [.. Enumerable.Repeat(1f, 16)];
        TokenKernels.AddScaled<LanesScalar, float>([.. Enumerable.Repeat((sbyte)-3, 16)], 2, to);
        Assert.All(to, value => Assert.Equal(-5, value));

        var row = new ScaledRow([.. Enumerable.Repeat((short)4, 16)], 0.5f);
        TokenKernels.Scale<LanesScalar, float>(row, to);
        Assert.All(to, value => Assert.Equal(2, value));

        float[] bias = [.. Enumerable.Range(-8, 16).Select(i => (float)i)];
        TokenKernels.Trigram<LanesScalar, float>(bias, row, row, new ScaledRow(row.Values, -1), to);
        Assert.Equal([.. bias.Select(value => Math.Max(0, value))], to);

        TokenKernels.WeightedSum<LanesScalar, float>([2, -1], [1, 0], [.. bias, .. bias], 16, to);
        Assert.Equal(bias, to);
    }

    [Fact]
    public void AllKernels_LengthThatIsNoMultiple_Throw()
    {
        float[] to = new float[17];

        Assert.Throws<ArgumentOutOfRangeException>(() => TokenKernels.AddScaled(new sbyte[17], 1, to));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenKernels.AddScaled(new sbyte[15], 1, to.AsSpan(0, 16)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenKernels.WeightedSum([1, 1], [0, 1], new float[31], 16, to.AsSpan(0, 16)));
    }

    private void AssertEqualsScalar<TLanes, TVector>()
        where TLanes : ILanes<TVector>
    {
        foreach (int length in _lengths)
        {
            float[] expected = Floats(length);
            float[] actual = [.. expected];
            sbyte[] bytes = [.. Enumerable.Range(0, length).Select(_ => (sbyte)_random.Next(-128, 128))];
            TokenKernels.AddScaled<LanesScalar, float>(bytes, 0.01f, expected);
            TokenKernels.AddScaled<TLanes, TVector>(bytes, 0.01f, actual);
            AssertClose(expected, actual);

            short[] before = Shorts(length), at = Shorts(length), after = Shorts(length);
            TokenKernels.Scale<LanesScalar, float>(new ScaledRow(at, 1e-4f), expected);
            TokenKernels.Scale<TLanes, TVector>(new ScaledRow(at, 1e-4f), actual);
            AssertClose(expected, actual);

            float[] bias = Floats(length);
            TokenKernels.Trigram<LanesScalar, float>(
                bias, new ScaledRow(before, 1e-5f), new ScaledRow(at, 2e-5f), new ScaledRow(after, 0), expected);
            TokenKernels.Trigram<TLanes, TVector>(
                bias, new ScaledRow(before, 1e-5f), new ScaledRow(at, 2e-5f), new ScaledRow(after, 0), actual);
            AssertClose(expected, actual);

            float[] rows = Floats(Rows * (length + 3));
            float[] weights = Floats(Rows);
            int[] places = [.. Enumerable.Range(0, Rows).Select(_ => _random.Next(Rows))];
            TokenKernels.WeightedSum<LanesScalar, float>(weights, places, rows, length + 3, expected);
            TokenKernels.WeightedSum<TLanes, TVector>(weights, places, rows, length + 3, actual);
            AssertClose(expected, actual);
        }
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }

    private float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => (_random.NextSingle() * 2) - 1)];

    private short[] Shorts(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (short)_random.Next(short.MinValue, short.MaxValue + 1))];
}
