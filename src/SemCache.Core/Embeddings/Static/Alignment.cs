using System.Numerics.Tensors;
using SemCache.Core.Embeddings.Static.Kernels;

namespace SemCache.Core.Embeddings.Static;

/// <summary>What a verifier has of a prompt's tokens before it knows the other prompt.</summary>
/// <param name="count">Tokens.</param>
/// <param name="read">[count × <see cref="VerifierWeights.Read"/>], z.</param>
/// <param name="heads">[count × the width of <see cref="VerifierWeights.Heads"/>].</param>
internal readonly ref struct PromptRows(int count, ReadOnlySpan<float> read, ReadOnlySpan<float> heads)
{
    public int Count => count;

    public ReadOnlySpan<float> Read { get; } = read;

    public ReadOnlySpan<float> Heads { get; } = heads;
}

/// <summary>
/// Aligns each token of two prompts with the other prompt by attention. Makes a row for each: what is still to be
/// multiplied with <see cref="VerifierWeights.Compare"/>, and the linear part of the result, which it is to be added to.
/// </summary>
/// <param name="weights">The model.</param>
/// <param name="differences">Receives [|z − β|, z·β] of each token, asked prompt first, pair after pair.</param>
/// <param name="compared">Receives what z and β, without them, have in what is compared.</param>
internal ref struct Alignment(VerifierWeights weights, Span<float> differences, Span<float> compared)
{
    private int _row;

    public Span<float> Differences { get; } = differences;

    public Span<float> Compared { get; } = compared;

    /// <summary>Aligns a pair.</summary>
    /// <param name="asked">One prompt.</param>
    /// <param name="stored">The other.</param>
    /// <param name="shares">Room for twice the product of their lengths.</param>
    public void Add(PromptRows asked, PromptRows stored, Span<float> shares)
    {
        int cells = asked.Count * stored.Count;
        Span<float> ofAsked = shares[..cells];
        Span<float> ofStored = shares.Slice(cells, cells);
        for (int i = 0; i < asked.Count; i++)
        {
            for (int j = 0; j < stored.Count; j++)
            {
                float score = TensorPrimitives.Dot(Query(asked, i), Query(stored, j)) * weights.AttentionScale;
                ofAsked[(i * stored.Count) + j] = score;
                ofStored[(j * asked.Count) + i] = score;
            }
        }

        Align(asked, stored, ofAsked);
        Align(stored, asked, ofStored);
    }

    private readonly ReadOnlySpan<float> Query(PromptRows prompt, int token) =>
        prompt.Heads.Slice(token * weights.Heads.Width, weights.Query);

    private void Align(PromptRows prompt, PromptRows other, Span<float> scores)
    {
        int width = weights.Heads.Width;
        for (int i = 0; i < prompt.Count; i++, _row++)
        {
            Span<float> shares = scores.Slice(i * other.Count, other.Count);
            TensorPrimitives.SoftMax(shares, shares);

            ReadOnlySpan<float> own = prompt.Read.Slice(i * weights.Read, weights.Read);
            Span<float> apart = Differences.Slice(_row * weights.Compare.Rows, weights.Read);
            Span<float> product = Differences.Slice((_row * weights.Compare.Rows) + weights.Read, weights.Read);
            TokenKernels.WeightedSum(shares, other.Read, weights.Read, product);
            TensorPrimitives.Subtract(own, product, apart);
            TensorPrimitives.Abs(apart, apart);
            TensorPrimitives.Multiply(own, product, product);

            Span<float> linear = Compared.Slice(_row * weights.Compare.Width, weights.Compare.Width);
            Span<float> part = linear[..weights.ComparedWidth];
            TokenKernels.WeightedSum(shares, other.Heads[weights.OthersAt..], width, part);
            TensorPrimitives.Add(part, prompt.Heads.Slice((i * width) + weights.OwnAt, weights.ComparedWidth), part);
            linear[weights.ComparedWidth..].Clear();
        }
    }
}
