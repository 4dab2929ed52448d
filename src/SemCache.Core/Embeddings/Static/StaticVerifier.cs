using System.Numerics.Tensors;
using SemCache.Core.Embeddings.Static.Kernels;
using SemCache.Core.Embeddings.Static.Reading;

namespace SemCache.Core.Embeddings.Static;

/// <summary>
/// The shipped verifier (<c>models/training/verifier.py</c>): each token of one prompt is aligned with the other prompt,
/// compared with its counterpart, and the comparisons are pooled and judged. Takes its weights from the ONNX file itself.
/// </summary>
/// <remarks>
/// All candidates go through each layer together, and the asked prompt is read once for all. Safe for concurrent use: it is
/// immutable but for <see cref="TokenProjections"/>, and buffers are rented by the call.
/// </remarks>
internal sealed class StaticVerifier : IVerifier
{
    private readonly VerifierWeights _weights;

    private StaticVerifier(VerifierWeights weights) => _weights = weights;

    public bool RunsInline => true;

    /// <summary>Reads the weights.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="guards">How many guards it was trained with.</param>
    /// <exception cref="InvalidDataException">It is damaged, or no verifier of this architecture for as many guards.</exception>
    public static StaticVerifier Load(string path, int guards) =>
        new(new VerifierWeights(OnnxFile.Read(path), guards));

    /// <exception cref="ArgumentOutOfRangeException">A token is none of the model's.</exception>
    public float[] Run(VerifierQuestion question)
    {
        int pairs = question.Stored.Length;
        int asked = question.Asked.Length;
        int longest = 0;
        int stored = 0;
        foreach (int[] prompt in question.Stored)
        {
            longest = Math.Max(longest, prompt.Length);
            stored += prompt.Length;
        }

        int compared = (pairs * asked) + stored;
        int pooled = (4 * _weights.Compared) + _weights.Columns;
        using var scratch = new Scratch(
            ((asked + stored) * (_weights.Read + _weights.Heads.Width)) + (2 * asked * longest)
            + (compared * (_weights.Compare.Rows + _weights.Compare.Width)) + (pairs * (pooled + _weights.Hidden.Width)));
        Span<float> read = scratch.Take((asked + stored) * _weights.Read);
        Span<float> heads = scratch.Take((asked + stored) * _weights.Heads.Width);
        Read(question, read, heads);

        var alignment = new Alignment(
            _weights, scratch.Take(compared * _weights.Compare.Rows), scratch.Take(compared * _weights.Compare.Width));
        PromptRows first = Rows(0, asked, read, heads);
        Span<float> shares = scratch.Take(2 * asked * longest);
        int row = asked;
        foreach (int[] prompt in question.Stored)
        {
            alignment.Add(first, Rows(row, prompt.Length, read, heads), shares);
            row += prompt.Length;
        }

        _weights.Compare.MultiplyAdd(alignment.Differences, compared, alignment.Compared);
        Span<float> pool = scratch.Take(pairs * pooled);
        Pool(question, alignment.Compared, pool);
        return Probabilities.Checked(Judge(question, pool, scratch.Take(pairs * _weights.Hidden.Width)));
    }

    public void Dispose()
    {
    }

    // Row after row of the asked prompt, then of each candidate's.
    private void Read(VerifierQuestion question, Span<float> read, Span<float> heads)
    {
        int row = 0;
        Read(question.Asked, read, ref row);
        foreach (int[] prompt in question.Stored)
        {
            Read(prompt, read, ref row);
        }

        for (int i = 0; i < row; i++)
        {
            _weights.HeadBias.CopyTo(heads[(i * _weights.Heads.Width)..]);
        }

        _weights.Heads.MultiplyAdd(read, row, heads);
    }

    private void Read(ReadOnlySpan<int> tokens, Span<float> read, ref int row)
    {
        _weights.Tokens.Check(tokens);
        for (int i = 0; i < tokens.Length; i++, row++)
        {
            Span<float> to = read.Slice(row * _weights.Read, _weights.Read);
            ScaledRow own = _weights.Projections[tokens[i]];
            TokenKernels.Scale(own.Slice(0, _weights.Lexical), to[.._weights.Lexical]);
            Neighbours.Read(
                _weights.Projections, tokens, i, _weights.Lexical, _weights.ContextBias, to[_weights.Lexical..]);
        }
    }

    private PromptRows Rows(int row, int count, ReadOnlySpan<float> read, ReadOnlySpan<float> heads) => new(
        count,
        read.Slice(row * _weights.Read, count * _weights.Read),
        heads.Slice(row * _weights.Heads.Width, count * _weights.Heads.Width));

    // Of each pair: sum and difference of what its two prompts were pooled to, then its features.
    private void Pool(VerifierQuestion question, Span<float> compared, Span<float> pool)
    {
        int size = 2 * _weights.Compared;
        int row = 0;
        for (int i = 0; i < question.Stored.Length; i++)
        {
            Span<float> pair = pool[(i * _weights.Hidden.Rows)..];
            Span<float> asked = pair[..size];
            Span<float> stored = pair.Slice(size, size);
            PoolPrompt(compared, question.Asked.Length, ref row, asked);
            PoolPrompt(compared, question.Stored[i].Length, ref row, stored);
            for (int j = 0; j < size; j++)
            {
                (asked[j], stored[j]) = (asked[j] + stored[j], Math.Abs(asked[j] - stored[j]));
            }

            question.Features.AsSpan(i * _weights.Columns, _weights.Columns).CopyTo(pair[(2 * size)..]);
        }
    }

    // The greatest and the mean of each number over a prompt's tokens.
    private void PoolPrompt(Span<float> compared, int count, ref int row, Span<float> to)
    {
        Span<float> most = to[.._weights.Compared];
        Span<float> mean = to[_weights.Compared..];
        to.Clear();
        for (int i = 0; i < count; i++, row++)
        {
            Span<float> token = compared.Slice(row * _weights.Compare.Width, _weights.Compared);
            TensorPrimitives.Max(token, 0, token);
            TensorPrimitives.Max(most, token, most);
            TensorPrimitives.Add(mean, token, mean);
        }

        TensorPrimitives.Divide(mean, count, mean);
    }

    private float[] Judge(VerifierQuestion question, ReadOnlySpan<float> pool, Span<float> hidden)
    {
        int pairs = question.Stored.Length;
        hidden.Clear();
        _weights.Hidden.MultiplyAdd(pool, pairs, hidden);
        float[] probabilities = new float[pairs];
        for (int i = 0; i < pairs; i++)
        {
            Span<float> layer = hidden.Slice(i * _weights.Hidden.Width, _weights.HiddenBias.Length);
            TensorPrimitives.Add(layer, _weights.HiddenBias, layer);
            TensorPrimitives.Max(layer, 0, layer);
            probabilities[i] = _weights.Calibration.ProbabilityOf(
                TensorPrimitives.Dot<float>(layer, _weights.Output) + _weights.OutputBias,
                question.Features[i * _weights.Columns]);
        }

        return probabilities;
    }
}
