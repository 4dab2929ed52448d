using System.Buffers;

namespace SemCache.Core.Embeddings.Static;

/// <summary>Rented memory that is dealt out piece by piece.</summary>
internal ref struct Scratch(int length)
{
    private readonly float[] _array = ArrayPool<float>.Shared.Rent(length);
    private int _taken;

    /// <summary>The next piece; it holds what was there before.</summary>
    public Span<float> Take(int length)
    {
        _taken += length;
        return _array.AsSpan(_taken - length, length);
    }

    public readonly void Dispose() => ArrayPool<float>.Shared.Return(_array);
}
