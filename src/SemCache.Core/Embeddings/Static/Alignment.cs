using System.Numerics.Tensors;
using SemCache.Core.Embeddings.Static.Kernels;

namespace SemCache.Core.Embeddings.Static;

/// <summary>
/// Aligns each token of two prompts with the other prompt by attention. Makes a row for each: what is still to be
/// multiplied with <see cref="VerifierWeights.Compare"/>, and the linear part of the result, which it is to be added to.
/// </summary>
/// <param name="weights">The model.</param>
/// <param name="read">Rows of <see cref="VerifierWeights.Read"/> numbers, z, of all tokens.</param>
/// <param name="heads">The same rows times <see cref="VerifierWeights.Heads"/>.</param>
/// <param name="differences">Receives [|z − β|, z·β] of each token, asked prompt first, pair after pair.</param>
/// <param name="compared">Receives what z and β, without them, have in what is compared.</param>
internal ref struct Alignment(
    VerifierWeights weights,
    ReadOnlySpan<float> read,
    ReadOnlySpan<float> heads,
    Span<float> differences,
    Span<float> compared)
{
    private readonly ReadOnlySpan<float> _read = read;
    private readonly ReadOnlySpan<float> _heads = heads;
    private int _row;

    public Span<float> Differences { get; } = differences;

    public Span<float> Compared { get; } = compared;

    /// <summary>Aligns a pair.</summary>
    /// <param name="asked">The rows of one prompt's tokens.</param>
    /// <param name="stored">Those of the other's.</param>
    /// <param name="shares">Room for twice the product of their lengths.</param>
    public void Add(ReadOnlySpan<int> asked, ReadOnlySpan<int> stored, Span<float> shares)
    {
        int cells = asked.Length * stored.Length;
        Span<float> ofAsked = shares[..cells];
        Span<float> ofStored = shares.Slice(cells, cells);
        for (int i = 0; i < asked.Length; i++)
        {
            for (int j = 0; j < stored.Length; j++)
            {
                float score = TensorPrimitives.Dot(Query(asked[i]), Query(stored[j])) * weights.AttentionScale;
                ofAsked[(i * stored.Length) + j] = score;
                ofStored[(j * asked.Length) + i] = score;
            }
        }

        Align(asked, stored, ofAsked);
        Align(stored, asked, ofStored);
    }

    private readonly ReadOnlySpan<float> Query(int row) => _heads.Slice(row * weights.Heads.Width, weights.Query);

    private void Align(ReadOnlySpan<int> prompt, ReadOnlySpan<int> other, Span<float> scores)
    {
        int width = weights.Heads.Width;
        for (int i = 0; i < prompt.Length; i++, _row++)
        {
            Span<float> shares = scores.Slice(i * other.Length, other.Length);
            // The largest becomes 0: exponentials of large scores would be infinite, those of small ones all 0.
            TensorPrimitives.Subtract(shares, TensorPrimitives.Max<float>(shares), shares);
            TensorPrimitives.SoftMax(shares, shares);

            ReadOnlySpan<float> own = _read.Slice(prompt[i] * weights.Read, weights.Read);
            Span<float> apart = Differences.Slice(_row * weights.Compare.Rows, weights.Read);
            Span<float> product = Differences.Slice((_row * weights.Compare.Rows) + weights.Read, weights.Read);
            TokenKernels.WeightedSum(shares, other, _read, weights.Read, product);
            TensorPrimitives.Subtract(own, product, apart);
            TensorPrimitives.Abs(apart, apart);
            TensorPrimitives.Multiply(own, product, product);

            Span<float> linear = Compared.Slice(_row * weights.Compare.Width, weights.Compare.Width);
            Span<float> part = linear[..weights.ComparedWidth];
            TokenKernels.WeightedSum(shares, other, _heads[weights.OthersAt..], width, part);
            TensorPrimitives.Add(
                part, _heads.Slice((prompt[i] * width) + weights.OwnAt, weights.ComparedWidth), part);
            linear[weights.ComparedWidth..].Clear();
        }
    }
}
