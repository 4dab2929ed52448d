using System.Buffers;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace SemCache.Core.Embeddings;

/// <summary>
/// A sentence encoder in ONNX Runtime: token ids in, unit-length vectors out. Takes any model of BERT's family:
/// <c>input_ids</c>, <c>attention_mask</c> and, if it asks for them, <c>token_type_ids</c> (int64, [batch, tokens]);
/// output <c>sentence_embedding</c> ([batch, dimension]) or <c>last_hidden_state</c> ([batch, tokens, dimension]).
/// </summary>
/// <remarks>Safe for concurrent use: the session is, and buffers are rented by the call.</remarks>
internal sealed class EncoderModel : IDisposable
{
    private const string InputIds = "input_ids";
    private const string AttentionMask = "attention_mask";
    private const string TokenTypeIds = "token_type_ids";
    private const string SentenceEmbedding = "sentence_embedding";
    private const string LastHiddenState = "last_hidden_state";

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly ModelManifest _manifest;
    private readonly int _padding;
    private readonly string[] _inputs;
    private readonly string[] _outputs;

    /// <exception cref="InvalidDataException">The graph's inputs or outputs are not those of a sentence encoder.</exception>
    /// <exception cref="OnnxRuntimeException">The file is no ONNX model.</exception>
    public EncoderModel(string path, ModelManifest manifest, int padding, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            // Errors are thrown; the runtime need not print them as well.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(path, options);
        _manifest = manifest;
        _padding = padding;
        try
        {
            _inputs = Inputs();
            _outputs = [Output()];
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Embeds a batch.</summary>
    /// <param name="batch">Token ids of each prompt, special tokens included.</param>
    /// <param name="vectors">Receives [batch × dimension] components, one unit-length vector a prompt.</param>
    public void Run(ReadOnlySpan<int[]> batch, Span<float> vectors)
    {
        int tokens = 0;
        foreach (int[] ids in batch)
        {
            tokens = Math.Max(tokens, ids.Length);
        }

        int cells = batch.Length * tokens;
        long[] inputs = ArrayPool<long>.Shared.Rent(3 * cells);
        int outputCells = _manifest.Pooling == Pooling.None ? batch.Length : cells;
        float[] output = ArrayPool<float>.Shared.Rent(outputCells * _manifest.Dimension);
        try
        {
            Fill(batch, tokens, inputs);
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

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    // Three planes of [batch, tokens]: ids, mask, token types.
    private void Fill(ReadOnlySpan<int[]> batch, int tokens, long[] inputs)
    {
        int cells = batch.Length * tokens;
        for (int row = 0; row < batch.Length; row++)
        {
            int[] ids = batch[row];
            int start = row * tokens;
            for (int i = 0; i < tokens; i++)
            {
                inputs[start + i] = i < ids.Length ? ids[i] : _padding;
                inputs[cells + start + i] = i < ids.Length ? 1 : 0;
            }
        }

        inputs.AsSpan(2 * cells, cells).Clear();
    }

    private void Run(long[] inputs, float[] output, int prompts, int tokens)
    {
        int cells = prompts * tokens;
        long[] inputShape = [prompts, tokens];
        long[] outputShape = _manifest.Pooling == Pooling.None
            ? [prompts, _manifest.Dimension]
            : [prompts, tokens, _manifest.Dimension];
        var values = new OrtValue[_inputs.Length];
        try
        {
            for (int i = 0; i < values.Length; i++)
            {
                int plane = _inputs[i] switch { InputIds => 0, AttentionMask => 1, _ => 2 };
                values[i] = OrtValue.CreateTensorValueFromMemory(
                    OrtMemoryInfo.DefaultInstance, inputs.AsMemory(plane * cells, cells), inputShape);
            }

            Memory<float> cellsOut = output.AsMemory(0, (int)TensorPrimitives.Product<long>(outputShape));
            using OrtValue result = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, cellsOut, outputShape);
            _session.Run(_runOptions, _inputs, values, _outputs, [result]);
        }
        finally
        {
            foreach (OrtValue? value in values)
            {
                value?.Dispose();
            }
        }
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
        string[] names = [.. _session.InputMetadata.Keys];
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
        if (!_session.OutputMetadata.TryGetValue(wanted, out NodeMetadata? output))
        {
            throw new InvalidDataException(
                $"its outputs are {string.Join(", ", _session.OutputMetadata.Keys)}, but pooling "
                + $"{_manifest.Pooling} needs {wanted}");
        }

        int dimension = output.Dimensions[^1];
        return dimension > 0 && dimension != _manifest.Dimension
            ? throw new InvalidDataException(
                $"its vectors have {dimension} components, but its manifest says {_manifest.Dimension}")
            : wanted;
    }
}
