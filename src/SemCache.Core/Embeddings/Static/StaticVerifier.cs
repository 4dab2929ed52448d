using System.Numerics.Tensors;
using SemCache.Core.Embeddings.Static.Kernels;
using SemCache.Core.Embeddings.Static.Reading;

namespace SemCache.Core.Embeddings.Static;

/// <summary>
/// The shipped verifier (<c>models/training/verifier.py</c>): each token of one prompt is aligned with the other prompt,
/// compared with its counterpart, and the comparisons are pooled and judged. Takes its weights from the ONNX file itself.
/// </summary>
/// <remarks>
/// All candidates go through each layer together. What is read of a token depends on the token and its neighbours only, and
/// candidates mostly share words with what is asked: each such three are read once for all prompts. Safe for concurrent use:
/// it is immutable but for <see cref="TokenProjections"/>, and buffers are rented by the call.
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

        int tokens = asked + stored;
        int compared = (pairs * asked) + stored;
        int pooled = (4 * _weights.Compared) + _weights.Columns;
        using var scratch = new Scratch<float>(
            (tokens * (_weights.Read + _weights.Heads.Width)) + (2 * asked * longest)
            + (compared * (_weights.Compare.Rows + _weights.Compare.Width)) + (pairs * (pooled + _weights.Hidden.Width)));
        using var places = new Scratch<int>(tokens);
        Span<float> read = scratch.Take(tokens * _weights.Read);
        Span<float> heads = scratch.Take(tokens * _weights.Heads.Width);
        Span<int> rows = places.Take(tokens);
        int distinct = Read(question, rows, read);
        for (int i = 0; i < distinct; i++)
        {
            _weights.HeadBias.CopyTo(heads[(i * _weights.Heads.Width)..]);
        }

        _weights.Heads.MultiplyAdd(read, distinct, heads);

        var alignment = new Alignment(
            _weights,
            read,
            heads,
            scratch.Take(compared * _weights.Compare.Rows),
            scratch.Take(compared * _weights.Compare.Width));
        Span<float> shares = scratch.Take(2 * asked * longest);
        int next = asked;
        foreach (int[] prompt in question.Stored)
        {
            alignment.Add(rows[..asked], rows.Slice(next, prompt.Length), shares);
            next += prompt.Length;
        }

        _weights.Compare.MultiplyAdd(alignment.Differences, compared, alignment.Compared);
        Span<float> pool = scratch.Take(pairs * pooled);
        Pool(question, alignment.Compared, pool);
        return Probabilities.Checked(Judge(question, pool, scratch.Take(pairs * _weights.Hidden.Width)));
    }

    public void Dispose()
    {
    }

    // The row that each token was read into, the asked prompt's tokens first. Returns how many rows there are.
    private int Read(VerifierQuestion question, Span<int> rows, Span<float> read)
    {
        using var scratch = new Scratch<ulong>(rows.Length);
        Span<ulong> known = scratch.Take(rows.Length);
        int distinct = 0;
        int next = Read(question.Asked, rows, known, read, ref distinct);
        foreach (int[] prompt in question.Stored)
        {
            next += Read(prompt, rows[next..], known, read, ref distinct);
        }

        return distinct;
    }

    private int Read(ReadOnlySpan<int> tokens, Span<int> rows, Span<ulong> known, Span<float> read, ref int distinct)
    {
        _weights.Tokens.Check(tokens);
        for (int i = 0; i < tokens.Length; i++)
        {
            ulong neighbours = Neighbours.KeyOf(tokens, i);
            rows[i] = known[..distinct].IndexOf(neighbours);
            if (rows[i] < 0)
            {
                Read(tokens, i, read.Slice(distinct * _weights.Read, _weights.Read));
                known[distinct] = neighbours;
                rows[i] = distinct++;
            }
        }

        return tokens.Length;
    }

    private void Read(ReadOnlySpan<int> tokens, int i, Span<float> to)
    {
        ScaledRow own = _weights.Projections[tokens[i]];
        TokenKernels.Scale(own.Slice(0, _weights.Lexical), to[.._weights.Lexical]);
        Neighbours.Read(_weights.Projections, tokens, i, _weights.Lexical, _weights.ContextBias, to[_weights.Lexical..]);
    }

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
