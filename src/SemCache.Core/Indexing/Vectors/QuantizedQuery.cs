using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemCache.Core.Indexing.Vectors;

/// <summary>What rows are compared with: a vector, or another row.</summary>
internal sealed class QuantizedQuery
{
    private sbyte[] _values = [];
    private int _bias;

    /// <summary>What a quantised value is to be multiplied with.</summary>
    public float Scale { get; private set; }

    /// <summary>Takes a vector of unit length.</summary>
    public void Load(ReadOnlySpan<float> vector)
    {
        Resize(DotKernel.Stride(vector.Length));
        Scale = Quantizer.ToQuery(vector, _values);
        _bias = DotKernel.Bias(_values);
    }

    /// <summary>Takes a stored row.</summary>
    public void Load(VectorArena arena, int slot)
    {
        Resize(arena.Stride);
        Quantizer.RowToQuery(arena.Row(slot), _values);
        Scale = arena.Scale(slot);
        _bias = DotKernel.Bias(_values);
    }

    /// <summary>Cosine of the query and a row, both quantised.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float SimilarityTo(VectorArena.Block[] blocks, int slot)
    {
        VectorArena.Block block = blocks[slot >> VectorArena.BlockBits];
        int dot = DotKernel.Dot(
            ref block.RowAt(slot, _values.Length), ref MemoryMarshal.GetArrayDataReference(_values), _bias, _values.Length);
        return dot * Scale * block.Scales[slot & VectorArena.BlockMask];
    }

    private void Resize(int stride)
    {
        if (_values.Length != stride)
        {
            _values = new sbyte[stride];
        }
    }
}
