using System.Buffers;
using System.Numerics.Tensors;
using SemCache.Core.Embeddings.Static.Kernels;
using SemCache.Core.Embeddings.Static.Reading;

namespace SemCache.Core.Embeddings.Static;

/// <summary>
/// The shipped encoder: s = Σ x_t + U Σ relu(W [x_t−1, x_t, x_t+1] + b), brought to unit length
/// (<c>models/training/encoder.py</c>). Takes its weights from the ONNX file itself.
/// </summary>
/// <remarks>Safe for concurrent use: it is immutable but for <see cref="TokenProjections"/>, and buffers are rented by the call.</remarks>
internal sealed class StaticEncoder : IEncoder
{
    private const float ShortestNorm = 1e-12f;

    private readonly TokenVectors _tokens;
    private readonly TokenProjections _trigrams;
    private readonly int _features;
    private readonly float[] _bias;
    private readonly PackedMatrix _up;

    private StaticEncoder(OnnxFile file, int dimension)
    {
        OnnxValue sum = file.Value("sentence_embedding").From("Div");
        OnnxValue up = sum.From("Add", 1);
        OnnxValue trigrams = up.From("MatMul").From("ReduceSum").From("Mul").From("Relu");
        OnnxTensor bias = trigrams.From("Add").Constant();
        _tokens = TokenVectors.Of(sum.From("Add").From("ReduceSum").From("Mul"));
        if (_tokens.Dimension != dimension)
        {
            throw new InvalidDataException(
                $"its vectors have {_tokens.Dimension} components, but its manifest says {dimension}");
        }

        _features = bias.Shape is [> 0] && bias.Shape[0] % TokenKernels.Lanes == 0
            ? bias.Shape[0]
            : throw new InvalidDataException($"its trigram features are no multiple of {TokenKernels.Lanes}");
        _bias = bias.Floats(_features);
        _trigrams = new TokenProjections(
            _tokens,
            Neighbours.SideBySide(
                trigrams.From("Add", 1).From("MatMul", 1).Constant().Floats(3 * dimension, _features), dimension, _features),
            3 * _features);
        _up = new PackedMatrix(up.From("MatMul", 1).Constant().Floats(_features, dimension), _features, dimension);
    }

    public bool RunsInline => true;

    /// <summary>Reads the weights.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="dimension">Components that its vectors must have.</param>
    /// <exception cref="InvalidDataException">It is damaged, or no encoder of this architecture; the message names it.</exception>
    public static StaticEncoder Load(string path, int dimension)
    {
        try
        {
            return new StaticEncoder(OnnxFile.Read(path), dimension);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)}: {exception.Message}", exception);
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A token is none of the model's.</exception>
    public void Run(ReadOnlySpan<int[]> batch, Span<float> vectors)
    {
        int dimension = _tokens.Dimension;
        float[] scratch = ArrayPool<float>.Shared.Rent((2 * _features) + _up.Width);
        try
        {
            for (int i = 0; i < batch.Length; i++)
            {
                Run(batch[i], scratch, vectors.Slice(i * dimension, dimension));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    public void Dispose()
    {
    }

    private void Run(ReadOnlySpan<int> tokens, Span<float> scratch, Span<float> vector)
    {
        _tokens.Check(tokens);
        Span<float> feature = scratch[.._features];
        Span<float> features = scratch.Slice(_features, _features);
        Span<float> sum = scratch.Slice(2 * _features, _up.Width);
        features.Clear();
        sum.Clear();
        for (int i = 0; i < tokens.Length; i++)
        {
            _tokens.AddTo(sum[.._tokens.Dimension], tokens[i]);
            Neighbours.Read(_trigrams, tokens, i, start: 0, _bias, feature);
            TensorPrimitives.Add(features, feature, features);
        }

        _up.MultiplyAdd(features, 1, sum);
        ReadOnlySpan<float> direction = sum[.._tokens.Dimension];
        TensorPrimitives.Divide(direction, Math.Max(TensorPrimitives.Norm(direction), ShortestNorm), vector);
    }
}
