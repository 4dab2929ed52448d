using System.Numerics.Tensors;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Vectors;

public sealed class QuantizerTests
{
    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(256)]
    [InlineData(4095)]
    public void ToRow_RandomVectors_IsOffByAtMostHalfAStep(int dimension)
    {
        var random = new Random(dimension);
        byte[] row = new byte[DotKernel.Stride(dimension)];
        for (int round = 0; round < 50; round++)
        {
            float[] vector = Gaussian(random, dimension);

            float scale = Quantizer.ToRow(vector, row);

            Assert.Equal(MathF.Abs(TensorPrimitives.MaxMagnitude<float>(vector)) / 127, scale);
            Assert.Contains(row, value => value is 1 or 255);
            for (int i = 0; i < dimension; i++)
            {
                Assert.InRange((row[i] - 128) * scale, vector[i] - (scale * 0.5001f), vector[i] + (scale * 0.5001f));
            }
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(65)]
    [InlineData(387)]
    public void ToRowAndToQuery_BeyondTheDimension_AddNothing(int dimension)
    {
        float[] vector = TestEntries.RandomVector(new Random(1), dimension);
        byte[] row = new byte[DotKernel.Stride(dimension)];
        sbyte[] query = new sbyte[row.Length];
        Array.Fill(row, (byte)77);
        Array.Fill(query, (sbyte)77);

        Quantizer.ToRow(vector, row);
        Quantizer.ToQuery(vector, query);

        Assert.All(row[dimension..], value => Assert.Equal(128, value));
        Assert.All(query[dimension..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void RowToQuery_ARow_IsTheQueryOfTheSameVector()
    {
        float[] vector = TestEntries.RandomVector(new Random(1), 100);
        byte[] row = new byte[128];
        sbyte[] query = new sbyte[128];
        sbyte[] fromRow = new sbyte[128];

        Assert.Equal(Quantizer.ToRow(vector, row), Quantizer.ToQuery(vector, query));
        Quantizer.RowToQuery(row, fromRow);

        Assert.Equal(query, fromRow);
    }

    [Fact]
    public void SimilarityTo_ZeroVector_IsZero()
    {
        var arena = new VectorArena(40);
        int slot = arena.Add(TestEntries.New(), new float[40]);
        var query = new QuantizedQuery();

        query.Load(TestEntries.RandomVector(new Random(1), 40));
        Assert.Equal(0, query.SimilarityTo(arena.Blocks, slot));

        query.Load(new float[40]);
        Assert.Equal(0, query.SimilarityTo(arena.Blocks, slot));
    }

    [Fact]
    public void SimilarityTo_OneComponentOnly_IsExact()
    {
        var arena = new VectorArena(40);
        float[] vector = new float[40];
        vector[39] = 1;
        int same = arena.Add(TestEntries.New(), vector);
        vector[39] = -1;
        int opposite = arena.Add(TestEntries.New(), vector);
        vector[39] = 0;
        vector[0] = 1;
        int other = arena.Add(TestEntries.New(), vector);
        var query = new QuantizedQuery();
        query.Load(arena, same);

        Assert.Equal(1, query.SimilarityTo(arena.Blocks, same), 1e-6f);
        Assert.Equal(-1, query.SimilarityTo(arena.Blocks, opposite), 1e-6f);
        Assert.Equal(0, query.SimilarityTo(arena.Blocks, other));
    }

    [Fact]
    public void SimilarityTo_ManyVectors_IsOffByLittleAndEvenly()
    {
        const int dimension = 384;
        const int pairs = 20_000;
        var random = new Random(1);
        var arena = new VectorArena(dimension);
        var query = new QuantizedQuery();
        double sum = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < pairs; i++)
        {
            float[] left = Gaussian(random, dimension);
            float[] right = Gaussian(random, dimension);
            int slot = arena.Add(TestEntries.New(), left);
            query.Load(right);
            double error = query.SimilarityTo(arena.Blocks, slot) - TensorPrimitives.Dot<float>(left, right);
            sum += error;
            squares += error * error;
            largest = Math.Max(largest, Math.Abs(error));
        }

        // What the header of the quantiser promises, and the index relies on: six deviations are beyond everything.
        Assert.InRange(Math.Sqrt(squares / pairs), 4e-4, 7e-4);
        Assert.InRange(sum / pairs, -2e-5, 2e-5);
        Assert.InRange(largest, 0, 6 * 6e-4);
    }

    private static float[] Gaussian(Random random, int dimension)
    {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            vector[i] = (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }
}
