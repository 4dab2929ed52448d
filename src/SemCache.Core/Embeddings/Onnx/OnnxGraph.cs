using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace SemCache.Core.Embeddings.Onnx;

/// <summary>A model file in ONNX Runtime, run on tensors that the caller holds. Safe for concurrent use.</summary>
internal sealed class OnnxGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    /// <param name="path">The model file.</param>
    /// <param name="threads">Threads that one run may use.</param>
    /// <exception cref="OnnxRuntimeException">The file is no ONNX model.</exception>
    public OnnxGraph(string path, int threads)
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
    }

    /// <summary>The inputs by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>The outputs by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>A tensor over the first cells of a buffer, as many as the shape has.</summary>
    public static OrtValue Tensor<T>(Memory<T> cells, params long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, cells[..(int)TensorPrimitives.Product<long>(shape)], shape);

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">The inputs' names.</param>
    /// <param name="values">The inputs' values in the same order; disposed when it returns.</param>
    /// <param name="output">The one output that is wanted.</param>
    /// <param name="result">Receives it; disposed when it returns. Another shape than the graph's throws.</param>
    public void Run(string[] inputs, OrtValue[] values, string output, OrtValue result)
    {
        try
        {
            _session.Run(_runOptions, inputs, values, [output], [result]);
        }
        finally
        {
            result.Dispose();
            foreach (OrtValue value in values)
            {
                value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }
}
