using System.Buffers;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace SemCache.Core.Embeddings.Onnx;

/// <summary>
/// A sentence encoder in ONNX Runtime: token ids in, unit-length vectors out. Takes any model of BERT's family:
/// <c>input_ids</c>, <c>attention_mask</c> and, if it asks for them, <c>token_type_ids</c> (int64, [batch, tokens]);
/// output <c>sentence_embedding</c> ([batch, dimension]) or <c>last_hidden_state</c> ([batch, tokens, dimension]).
/// </summary>
/// <remarks>Safe for concurrent use: the session is, and buffers are rented by the call.</remarks>
internal sealed class OnnxEncoder : IEncoder
{
    private const string InputIds = "input_ids";
    private const string AttentionMask = "attention_mask";
    private const string TokenTypeIds = "token_type_ids";
    private const string SentenceEmbedding = "sentence_embedding";
    private const string LastHiddenState = "last_hidden_state";

    private readonly OnnxGraph _graph;
    private readonly ModelManifest _manifest;
    private readonly int _padding;
    private readonly string[] _inputs;
    private readonly string _output;

    /// <exception cref="InvalidDataException">The graph's inputs or outputs are not those of a sentence encoder.</exception>
    /// <exception cref="OnnxRuntimeException">The file is no ONNX model.</exception>
    public OnnxEncoder(string path, ModelManifest manifest, int padding, int threads)
    {
        _graph = new OnnxGraph(path, threads);
        _manifest = manifest;
        _padding = padding;
        try
        {
            _inputs = Inputs();
            _output = Output();
        }
        catch
        {
            _graph.Dispose();
            throw;
        }
    }

    public bool RunsInline => false;

    /// <exception cref="OnnxRuntimeException">The model failed; a token that it does not know is one reason.</exception>
    public void Run(ReadOnlySpan<int[]> batch, Span<float> vectors)
    {
        int tokens = PaddedTokens.Longest(batch);
        int cells = batch.Length * tokens;
        long[] inputs = ArrayPool<long>.Shared.Rent(3 * cells);
        int outputCells = _manifest.Pooling == Pooling.None ? batch.Length : cells;
        float[] output = ArrayPool<float>.Shared.Rent(outputCells * _manifest.Dimension);
        try
        {
            PaddedTokens.Fill(batch, tokens, _padding, inputs.AsSpan(0, cells), inputs.AsSpan(cells, cells));
            inputs.AsSpan(2 * cells, cells).Clear();
            Run(inputs, output, batch.Length, tokens);
            for (int i = 0; i < batch.Length; i++)
            {
                Pool(output, i, tokens, batch[i].Length, vectors.Slice(i * _manifest.Dimension, _manifest.Dimension));
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(inputs);
            ArrayPool<float>.Shared.Return(output);
        }
    }

    public void Dispose() => _graph.Dispose();

    // Three planes of [batch, tokens]: ids, mask, token types.
    private void Run(long[] inputs, float[] output, int prompts, int tokens)
    {
        int cells = prompts * tokens;
        OrtValue[] values =
        [
            .. _inputs.Select(input => OnnxGraph.Tensor(
                inputs.AsMemory(input switch { InputIds => 0, AttentionMask => 1, _ => 2 } * cells, cells),
                prompts,
                tokens)),
        ];
        OrtValue result = _manifest.Pooling == Pooling.None
            ? OnnxGraph.Tensor(output.AsMemory(), prompts, _manifest.Dimension)
            : OnnxGraph.Tensor(output.AsMemory(), prompts, tokens, _manifest.Dimension);
        _graph.Run(_inputs, values, _output, result);
    }

    private void Pool(ReadOnlySpan<float> output, int row, int tokens, int length, Span<float> vector)
    {
        int dimension = _manifest.Dimension;
        if (_manifest.Pooling == Pooling.Mean)
        {
            vector.Clear();
            for (int i = 0; i < length; i++)
            {
                TensorPrimitives.Add(vector, output.Slice(((row * tokens) + i) * dimension, dimension), vector);
            }

            TensorPrimitives.Divide(vector, length, vector);
        }
        else
        {
            int start = _manifest.Pooling == Pooling.None ? row * dimension : row * tokens * dimension;
            output.Slice(start, dimension).CopyTo(vector);
        }

        if (_manifest.Normalize)
        {
            float norm = TensorPrimitives.Norm(vector);
            if (norm > 0)
            {
                TensorPrimitives.Divide(vector, norm, vector);
            }
        }
    }

    private string[] Inputs()
    {
        string[] names = [.. _graph.Inputs.Keys];
        string[] unknown = [.. names.Except([InputIds, AttentionMask, TokenTypeIds])];
        if (unknown.Length > 0 || !names.Contains(InputIds) || !names.Contains(AttentionMask))
        {
            throw new InvalidDataException(
                $"its inputs are {string.Join(", ", names)}, but a sentence encoder has {InputIds}, {AttentionMask} and "
                + $"optionally {TokenTypeIds}");
        }

        return names;
    }

    private string Output()
    {
        string wanted = _manifest.Pooling == Pooling.None ? SentenceEmbedding : LastHiddenState;
        if (!_graph.Outputs.TryGetValue(wanted, out NodeMetadata? output))
        {
            throw new InvalidDataException(
                $"its outputs are {string.Join(", ", _graph.Outputs.Keys)}, but pooling "
                + $"{_manifest.Pooling} needs {wanted}");
        }

        int dimension = output.Dimensions[^1];
        return dimension > 0 && dimension != _manifest.Dimension
            ? throw new InvalidDataException(
                $"its vectors have {dimension} components, but its manifest says {_manifest.Dimension}")
            : wanted;
    }
}
