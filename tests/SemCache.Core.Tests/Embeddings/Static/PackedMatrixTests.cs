using System.Runtime.Intrinsics;
using SemCache.Core.Embeddings.Static.Kernels;

namespace SemCache.Core.Tests.Embeddings.Static;

/// <summary>All widths that this processor has, against sums in double precision.</summary>
public sealed class PackedMatrixTests
{
    public static TheoryData<int> Lanes
    {
        get
        {
            var lanes = new TheoryData<int>(1);
            foreach ((int count, bool present) in ((int, bool)[])
                [(4, Vector128.IsHardwareAccelerated), (8, Vector256.IsHardwareAccelerated), (16, Vector512.IsHardwareAccelerated)])
            {
                if (present)
                {
                    lanes.Add(count);
                }
            }

            return lanes;
        }
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void MultiplyAdd_AllShapes_AddsTheProduct(int lanes)
    {
        var random = new Random(lanes);
        foreach (int rows in (int[])[1, 3, 4, 7, 64, 815])
        {
            foreach (int columns in (int[])[1, 15, 16, 33, 200])
            {
                float[] weights = Numbers(random, rows * columns);
                var matrix = new PackedMatrix(weights, rows, columns, lanes);
                for (int count = 1; count <= 14; count++)
                {
                    float[] vectors = Numbers(random, count * rows);
                    float[] before = Numbers(random, count * matrix.Width);
                    float[] results = [.. before];

                    matrix.MultiplyAdd(vectors, count, results);

                    AssertProduct(vectors, weights, before, results, columns, matrix.Width);
                }
            }
        }
    }

    [Fact]
    public void MultiplyAdd_LessRoomThanItNeeds_Throws()
    {
        var matrix = new PackedMatrix(new float[12], 4, 3);

        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.MultiplyAdd(new float[7], 2, new float[2 * matrix.Width]));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.MultiplyAdd(new float[8], 2, new float[(2 * matrix.Width) - 1]));
    }

    private static void AssertProduct(
        float[] vectors, float[] weights, float[] before, float[] results, int columns, int width)
    {
        int rows = weights.Length / columns;
        for (int i = 0; i < results.Length; i++)
        {
            double expected = before[i];
            int column = i % width;
            for (int k = 0; k < rows && column < columns; k++)
            {
                expected += (double)vectors[(i / width * rows) + k] * weights[(k * columns) + column];
            }

            Assert.Equal(expected, results[i], 1e-6 * (rows + 10));
        }
    }

    private static float[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
