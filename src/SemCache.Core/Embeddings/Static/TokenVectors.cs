using SemCache.Core.Embeddings.Static.Kernels;
using SemCache.Core.Embeddings.Static.Reading;

namespace SemCache.Core.Embeddings.Static;

/// <summary>The vector of every token: 8-bit numbers with one scale a token.</summary>
internal sealed class TokenVectors
{
    private readonly sbyte[] _table;
    private readonly float[] _scales;

    private TokenVectors(OnnxTensor table, OnnxTensor scale)
    {
        if (table.Shape is not [int tokens and > 0 and <= Neighbours.MostTokens, int dimension and > 0]
            || dimension % TokenKernels.Lanes != 0)
        {
            throw new InvalidDataException(
                $"its tensor '{table.Name}' is [{string.Join(", ", table.Shape)}] where [up to {Neighbours.MostTokens} "
                + $"tokens, a multiple of {TokenKernels.Lanes}] belongs");
        }

        Count = tokens;
        Dimension = dimension;
        _table = table.Bytes(tokens, dimension);
        _scales = scale.Floats(tokens);
    }

    /// <summary>Tokens; ids are below it.</summary>
    public int Count { get; }

    /// <summary>Components of a token's vector.</summary>
    public int Dimension { get; }

    /// <summary>The vectors that a graph looks up.</summary>
    /// <param name="vectors">What the lookup makes: the product of 8-bit numbers and scales.</param>
    /// <exception cref="InvalidDataException">They are not looked up, or not of a shape that kernels can take.</exception>
    public static TokenVectors Of(OnnxValue vectors)
    {
        return new TokenVectors(
            vectors.From("Mul").From("Cast").From("Gather").Constant(),
            vectors.From("Mul", 1).From("Unsqueeze").From("Gather").Constant());
    }

    /// <summary>Adds a token's vector to a sum.</summary>
    public void AddTo(Span<float> sum, int token) =>
        TokenKernels.AddScaled(_table.AsSpan(token * Dimension, Dimension), _scales[token], sum);

    /// <exception cref="ArgumentOutOfRangeException">A token has no vector.</exception>
    public void Check(ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"allowed are token ids from 0 to {Count - 1}");
            }
        }
    }
}
