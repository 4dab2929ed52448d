using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace SemCache.Core.Indexing.Vectors;

/// <summary>
/// Quantises unit vectors to 8 bits a component: the largest becomes ±127, the others in proportion.
/// </summary>
/// <remarks>
/// A component is off by at most half a step, max |v| / 254. The cosine of two quantised vectors is therefore off by
/// about 6 · 10⁻⁴ (standard deviation) for embeddings of 384 components: enough to find what is near, not to compare
/// with a threshold. Whatever is found is scored again, exactly.
/// </remarks>
internal static class Quantizer
{
    private const float Largest = 127;

    /// <summary>Quantises a vector to be stored.</summary>
    /// <param name="vector">Unit length.</param>
    /// <param name="row">Receives the values, 128 added, and padding.</param>
    /// <returns>What a quantised value is to be multiplied with.</returns>
    public static float ToRow(ReadOnlySpan<float> vector, Span<byte> row)
    {
        float scale = Scale(vector);
        float factor = 1 / scale;
        for (int i = 0; i < vector.Length; i++)
        {
            row[i] = (byte)(DotKernel.Zero + Round(vector[i] * factor));
        }

        row[vector.Length..].Fill(DotKernel.Zero);
        return scale;
    }

    /// <summary>Quantises a vector to be compared with stored ones.</summary>
    /// <param name="vector">Unit length.</param>
    /// <param name="query">Receives the values and padding.</param>
    /// <returns>What a quantised value is to be multiplied with.</returns>
    public static float ToQuery(ReadOnlySpan<float> vector, Span<sbyte> query)
    {
        float scale = Scale(vector);
        float factor = 1 / scale;
        for (int i = 0; i < vector.Length; i++)
        {
            query[i] = (sbyte)Round(vector[i] * factor);
        }

        query[vector.Length..].Clear();
        return scale;
    }

    /// <summary>Makes a query of a stored row: its scale stays the row's.</summary>
    public static void RowToQuery(ReadOnlySpan<byte> row, Span<sbyte> query)
    {
        TensorPrimitives.Xor(row, DotKernel.Zero, MemoryMarshal.AsBytes(query));
    }

    private static float Scale(ReadOnlySpan<float> vector)
    {
        float largest = TensorPrimitives.MaxMagnitude(vector);
        return float.IsFinite(largest) && largest != 0 ? Math.Abs(largest) / Largest : 1;
    }

    private static int Round(float value) => (int)MathF.Round(value);
}
