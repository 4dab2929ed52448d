namespace SemCache.Core.Embeddings.Static.Reading;

/// <summary>
/// The graph of an ONNX file, to be walked from an output back to the constants that it was made with. Only what
/// <c>models/training/export.py</c> writes is understood; the rest is passed over.
/// </summary>
internal sealed class OnnxFile
{
    // Names of protobuf fields would be generated code; these few are those of ModelProto, GraphProto, NodeProto and
    // AttributeProto in onnx.proto3.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int NodeInput = 1;
    private const int NodeOutput = 2;
    private const int NodeOperator = 4;
    private const int NodeAttribute = 5;
    private const int AttributeTensor = 5;

    private readonly Dictionary<string, OnnxNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);

    private OnnxFile(ReadOnlyMemory<byte> file)
    {
        bool isGraph = false;
        var reader = new ProtoReader(file);
        while (reader.Next(out int field))
        {
            if (field == ModelGraph)
            {
                isGraph = true;
                AddGraph(reader.Bytes());
            }
            else
            {
                reader.Skip();
            }
        }

        if (!isGraph)
        {
            throw new InvalidDataException("it is no ONNX file: it has no graph");
        }
    }

    /// <summary>Reads a file as a whole.</summary>
    /// <exception cref="InvalidDataException">It is no ONNX file, or damaged; the message does not name it.</exception>
    public static OnnxFile Read(string path)
    {
        long length = new FileInfo(path).Length;
        return length <= Array.MaxLength
            ? new OnnxFile(File.ReadAllBytes(path))
            : throw new InvalidDataException($"it has {length} bytes; allowed are {Array.MaxLength}");
    }

    /// <summary>An output of the graph, or any value within.</summary>
    /// <exception cref="InvalidDataException">Nothing in the graph makes it.</exception>
    public OnnxValue Value(string name) => _nodes.ContainsKey(name)
        ? new OnnxValue(this, name)
        : throw new InvalidDataException($"it makes no {name}");

    /// <summary>The node that makes a value; null for a constant or an input.</summary>
    internal OnnxNode? Maker(string value) => _nodes.GetValueOrDefault(value);

    /// <summary>The constant of this name; null when it is none.</summary>
    internal OnnxTensor? Constant(string value) => _constants.GetValueOrDefault(value);

    private void AddGraph(ReadOnlyMemory<byte> graph)
    {
        var reader = new ProtoReader(graph);
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case GraphNode:
                    AddNode(reader.Bytes());
                    break;
                case GraphInitializer:
                    var tensor = OnnxTensor.Read(reader.Bytes());
                    Add(_constants, tensor.Name, tensor);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void AddNode(ReadOnlyMemory<byte> message)
    {
        List<string> inputs = [];
        List<string> outputs = [];
        string name = "";
        OnnxTensor? constant = null;
        var reader = new ProtoReader(message);
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case NodeInput:
                    inputs.Add(reader.Text());
                    break;
                case NodeOutput:
                    outputs.Add(reader.Text());
                    break;
                case NodeOperator:
                    name = reader.Text();
                    break;
                case NodeAttribute:
                    constant = TensorOf(reader.Bytes()) ?? constant;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        foreach (string output in outputs)
        {
            if (name == "Constant" && constant is not null)
            {
                Add(_constants, output, constant);
            }
            else
            {
                Add(_nodes, output, new OnnxNode(name, [.. inputs]));
            }
        }
    }

    private static OnnxTensor? TensorOf(ReadOnlyMemory<byte> attribute)
    {
        var reader = new ProtoReader(attribute);
        while (reader.Next(out int field))
        {
            if (field == AttributeTensor)
            {
                return OnnxTensor.Read(reader.Bytes());
            }

            reader.Skip();
        }

        return null;
    }

    private static void Add<T>(Dictionary<string, T> to, string name, T value)
    {
        if (!to.TryAdd(name, value))
        {
            throw new InvalidDataException($"it makes {name} twice");
        }
    }
}

/// <summary>One operation of a graph.</summary>
/// <param name="Operator">What it does.</param>
/// <param name="Inputs">Names of the values that it is given.</param>
internal sealed record OnnxNode(string Operator, string[] Inputs);
