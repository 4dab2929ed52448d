using System.Buffers;
using System.Numerics.Tensors;
using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <summary>The true cosine of an entry and a query.</summary>
internal static class ExactScore
{
    // Beyond this, what was read back is no vector of unit length.
    private const float Slack = 1e-2f;

    /// <summary>The similarity, −1…1; null when the entry's vector cannot be read.</summary>
    public static float? Of(Entry entry, ReadOnlySpan<float> query, IExactVectors exact)
    {
        float[] buffer = ArrayPool<float>.Shared.Rent(query.Length);
        Span<float> vector = buffer.AsSpan(0, query.Length);
        float similarity = exact.TryRead(entry, vector) ? TensorPrimitives.Dot(query, vector) : float.NaN;
        ArrayPool<float>.Shared.Return(buffer);
        // Unit vectors are that only to within rounding.
        return MathF.Abs(similarity) <= 1 + Slack ? Math.Clamp(similarity, -1, 1) : null;
    }
}
