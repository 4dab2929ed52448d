using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SemCache.Core.Embeddings.Onnx;

/// <summary>
/// A verifier in ONNX Runtime. Inputs <c>asked_ids</c>, <c>asked_mask</c>, <c>stored_ids</c>, <c>stored_mask</c>
/// (int64, [pairs, tokens], padded with 0) and <c>features</c> (float32, [pairs, 1 + guards]); output
/// <c>probability</c> (float32, [pairs]).
/// </summary>
/// <remarks>Safe for concurrent use: the session is, and buffers are rented by the call.</remarks>
internal sealed class OnnxVerifier : IVerifier
{
    private const string Features = "features";
    private const string Probability = "probability";
    private const long Padding = 0;

    private static readonly string[] _inputs = ["asked_ids", "asked_mask", "stored_ids", "stored_mask", Features];

    private readonly OnnxGraph _graph;
    private readonly int _columns;

    /// <param name="path">The model file.</param>
    /// <param name="guards">How many guards it was trained with.</param>
    /// <param name="threads">Threads that one run may use.</param>
    /// <exception cref="InvalidDataException">The graph's inputs or outputs are not those of a verifier.</exception>
    /// <exception cref="OnnxRuntimeException">The file is no ONNX model.</exception>
    public OnnxVerifier(string path, int guards, int threads)
    {
        _graph = new OnnxGraph(path, threads);
        _columns = 1 + guards;
        try
        {
            CheckInputs();
            CheckOutput();
        }
        catch
        {
            _graph.Dispose();
            throw;
        }
    }

    public bool RunsInline => false;

    /// <exception cref="OnnxRuntimeException">The model failed.</exception>
    public float[] Run(VerifierQuestion question)
    {
        int pairs = question.Stored.Length;
        int askedWidth = question.Asked.Length;
        int storedWidth = PaddedTokens.Longest(question.Stored);
        int askedCells = pairs * askedWidth;
        int storedCells = pairs * storedWidth;
        long[] cells = ArrayPool<long>.Shared.Rent(2 * (askedCells + storedCells));
        try
        {
            Memory<long> askedIds = cells.AsMemory(0, askedCells);
            Memory<long> askedMask = cells.AsMemory(askedCells, askedCells);
            Memory<long> storedIds = cells.AsMemory(2 * askedCells, storedCells);
            Memory<long> storedMask = cells.AsMemory((2 * askedCells) + storedCells, storedCells);
            int[][] asked = new int[pairs][];
            Array.Fill(asked, question.Asked);
            PaddedTokens.Fill(asked, askedWidth, Padding, askedIds.Span, askedMask.Span);
            PaddedTokens.Fill(question.Stored, storedWidth, Padding, storedIds.Span, storedMask.Span);
            var probabilities = new float[pairs];
            _graph.Run(
                _inputs,
                [
                    OnnxGraph.Tensor(askedIds, pairs, askedWidth),
                    OnnxGraph.Tensor(askedMask, pairs, askedWidth),
                    OnnxGraph.Tensor(storedIds, pairs, storedWidth),
                    OnnxGraph.Tensor(storedMask, pairs, storedWidth),
                    OnnxGraph.Tensor(question.Features.AsMemory(), pairs, _columns),
                ],
                Probability,
                OnnxGraph.Tensor(probabilities.AsMemory(), pairs));
            return Probabilities.Checked(probabilities);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(cells);
        }
    }

    public void Dispose() => _graph.Dispose();

    private void CheckInputs()
    {
        if (!_inputs.ToHashSet(StringComparer.Ordinal).SetEquals(_graph.Inputs.Keys))
        {
            throw new InvalidDataException(
                $"its inputs are {string.Join(", ", _graph.Inputs.Keys)}, but a verifier has "
                + $"{string.Join(", ", _inputs)}");
        }

        foreach (string input in _inputs)
        {
            TensorElementType wanted = input == Features ? TensorElementType.Float : TensorElementType.Int64;
            if (_graph.Inputs[input].ElementDataType != wanted)
            {
                throw new InvalidDataException(
                    $"its input {input} holds {_graph.Inputs[input].ElementDataType} instead of {wanted}");
            }
        }

        int columns = _graph.Inputs[Features].Dimensions[^1];
        if (columns > 0 && columns != _columns)
        {
            throw new InvalidDataException(
                $"its input {Features} has {columns} columns, but its manifest names {_columns - 1} guards, which with "
                + $"the similarity makes {_columns}");
        }
    }

    private void CheckOutput()
    {
        if (!_graph.Outputs.TryGetValue(Probability, out NodeMetadata? output))
        {
            throw new InvalidDataException(
                $"its outputs are {string.Join(", ", _graph.Outputs.Keys)}, but a verifier has {Probability}");
        }

        if (output.ElementDataType != TensorElementType.Float || output.Dimensions.Length != 1)
        {
            throw new InvalidDataException(
                $"its output {Probability} holds {output.ElementDataType} in {output.Dimensions.Length} dimensions "
                + $"instead of {TensorElementType.Float} in 1");
        }
    }
}
