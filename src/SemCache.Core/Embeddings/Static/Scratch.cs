using System.Buffers;

namespace SemCache.Core.Embeddings.Static;

/// <summary>Rented memory that is dealt out piece by piece.</summary>
internal ref struct Scratch<T>(int length)
{
    private readonly T[] _array = ArrayPool<T>.Shared.Rent(length);
    private int _taken;

    /// <summary>The next piece; it holds what was there before.</summary>
    public Span<T> Take(int length)
    {
        _taken += length;
        return _array.AsSpan(_taken - length, length);
    }

    public readonly void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
