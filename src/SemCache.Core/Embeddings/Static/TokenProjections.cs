using System.Numerics.Tensors;
using SemCache.Core.Embeddings.Static.Kernels;

namespace SemCache.Core.Embeddings.Static;

/// <summary>
/// What a layer's weights make of each token's vector. A layer that reads a token and its neighbours is a sum of three
/// such products, so that reading a prompt takes additions only: most of the work of a dense layer is here done once
/// a token and then kept.
/// </summary>
/// <remarks>
/// Made when a token is first seen: prompts use few of a vocabulary's tokens. Kept in 16 bits with a scale a token, which
/// changes a vector's direction by less than single precision can tell (its cosine by 1e-9), in half of the memory: for all 30,000
/// tokens of the shipped model it would be 46 MB for the encoder and 40 MB for the verifier.
/// Safe for concurrent use: threads that meet at one token make the same numbers, and the last stays.
/// </remarks>
internal sealed class TokenProjections
{
    private readonly TokenVectors _tokens;
    private readonly PackedMatrix _weights;
    private readonly int _columns;
    private readonly short[]?[] _rows;
    private readonly float[] _scales;

    /// <param name="tokens">The tokens' vectors.</param>
    /// <param name="weights">[dimension × columns].</param>
    /// <param name="columns">Numbers that a token gets.</param>
    public TokenProjections(TokenVectors tokens, ReadOnlySpan<float> weights, int columns)
    {
        _tokens = tokens;
        _weights = new PackedMatrix(weights, tokens.Dimension, columns);
        _columns = columns;
        _rows = new short[tokens.Count][];
        _scales = new float[tokens.Count];
    }

    /// <summary>What the layer makes of a token.</summary>
    public ScaledRow this[int token]
    {
        get
        {
            short[] row = Volatile.Read(ref _rows[token]) ?? Make(token);
            return new ScaledRow(row, _scales[token]);
        }
    }

    private short[] Make(int token)
    {
        float[] vector = new float[_tokens.Dimension];
        float[] product = new float[_weights.Width];
        _tokens.AddTo(vector, token);
        _weights.MultiplyAdd(vector, 1, product);
        Span<float> numbers = product.AsSpan(0, _columns);
        float scale = Math.Abs(TensorPrimitives.MaxMagnitude<float>(numbers)) / short.MaxValue;
        var row = new short[_columns];
        if (scale > 0)
        {
            TensorPrimitives.Divide(numbers, scale, numbers);
            TensorPrimitives.Round(numbers, numbers);
            TensorPrimitives.ConvertSaturating<float, short>(numbers, row);
        }

        // The row is seen after its scale.
        _scales[token] = scale;
        Volatile.Write(ref _rows[token], row);
        return row;
    }
}
