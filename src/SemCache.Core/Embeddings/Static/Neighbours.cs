using SemCache.Core.Embeddings.Static.Kernels;

namespace SemCache.Core.Embeddings.Static;

/// <summary>A layer that reads a token between its neighbours: relu(W [x_t−1, x_t, x_t+1] + b).</summary>
internal static class Neighbours
{
    /// <summary>Most tokens of a vocabulary whose neighbours have a key.</summary>
    public const int MostTokens = (1 << KeyBits) - 1;

    private const int KeyBits = 21;

    /// <summary>The weights for the token before, for the token itself and for the one after, side by side.</summary>
    /// <param name="weights">[3 · dimension × features].</param>
    /// <param name="dimension">Components of a token's vector.</param>
    /// <param name="features">What the layer makes of a token.</param>
    /// <returns>[dimension × 3 · features].</returns>
    public static float[] SideBySide(ReadOnlySpan<float> weights, int dimension, int features)
    {
        float[] sideBySide = new float[weights.Length];
        for (int row = 0; row < 3 * dimension; row++)
        {
            int at = (row % dimension * 3 * features) + (row / dimension * features);
            weights.Slice(row * features, features).CopyTo(sideBySide.AsSpan(at));
        }

        return sideBySide;
    }

    /// <summary>The i-th token and its neighbours as one number, which no other three have.</summary>
    public static ulong KeyOf(ReadOnlySpan<int> tokens, int i)
    {
        // 0 is nothing, a token is its id and 1.
        ulong before = i > 0 ? (uint)tokens[i - 1] + 1 : 0;
        ulong after = i + 1 < tokens.Length ? (uint)tokens[i + 1] + 1 : 0;
        return (((before << KeyBits) | ((uint)tokens[i] + 1)) << KeyBits) | after;
    }

    /// <summary>What the layer makes of the i-th token. Nothing stands before the first and after the last.</summary>
    /// <param name="projections">The products of its weights, side by side.</param>
    /// <param name="tokens">The prompt.</param>
    /// <param name="i">The token's place.</param>
    /// <param name="start">Where the layer's products begin.</param>
    /// <param name="bias">The layer's bias.</param>
    /// <param name="to">Receives as many features as the bias has.</param>
    public static void Read(
        TokenProjections projections, ReadOnlySpan<int> tokens, int i, int start, ReadOnlySpan<float> bias, Span<float> to)
    {
        int features = bias.Length;
        ScaledRow own = projections[tokens[i]].Slice(start, 3 * features);

        // A scale of 0 leaves the part out, whatever its numbers are.
        ScaledRow before = i > 0 ? projections[tokens[i - 1]].Slice(start, features) : new ScaledRow(own.Values, 0);
        ScaledRow after = i + 1 < tokens.Length
            ? projections[tokens[i + 1]].Slice(start + (2 * features), features)
            : new ScaledRow(own.Values, 0);
        TokenKernels.Trigram(bias, before, own.Slice(features, features), after, to);
    }
}
