using System.Numerics.Tensors;

namespace SemCache.StorageBench.Restart;

/// <summary>Unit vectors around common centres, as embeddings of like texts are. Always the same ones.</summary>
internal sealed class CentredVectors(int dimension, int centres, float spread)
{
    private readonly Random _random = new(1);
    private float[][]? _centres;

    public float[] Next()
    {
        _centres ??= [.. Enumerable.Range(0, centres).Select(_ => NewVector())];
        float[] vector = NewVector();
        TensorPrimitives.MultiplyAdd(vector, spread, _centres[_random.Next(centres)], vector);
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    private float[] NewVector()
    {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            vector[i] = _random.NextSingle() - 0.5f;
        }

        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }
}
