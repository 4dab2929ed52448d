using System.Numerics.Tensors;

namespace SemCache.Core.Tests.Support;

/// <summary>Unit vectors around common centres, as embeddings of like texts are. The same seed gives the same.</summary>
/// <param name="seed">Seed of centres and vectors.</param>
/// <param name="dimension">Components of a vector.</param>
/// <param name="clusters">Centres.</param>
/// <param name="spread">How far from its centre a vector is, as a share of the centre's length.</param>
internal sealed class ClusteredVectors(int seed, int dimension, int clusters, float spread)
{
    private readonly Random _random = new(seed);
    private float[][]? _centres;

    public float[] Next()
    {
        _centres ??= [.. Enumerable.Range(0, clusters).Select(_ => TestEntries.RandomVector(_random, dimension))];
        float[] vector = TestEntries.RandomVector(_random, dimension);
        TensorPrimitives.MultiplyAdd(vector, spread, _centres[_random.Next(clusters)], vector);
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    public float[][] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];
}
