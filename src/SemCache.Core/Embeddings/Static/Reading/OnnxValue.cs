namespace SemCache.Core.Embeddings.Static.Reading;

/// <summary>
/// A value of a graph. Weights are found by walking back from the output over the operations that the architecture has, so
/// that a graph that computes something else is refused, and names that the exporter made up do not matter.
/// </summary>
internal readonly struct OnnxValue(OnnxFile file, string name)
{
    // Of a sound graph there are one or two in a row.
    private const int MostIdentities = 8;

    /// <summary>What the operation that makes this value was given.</summary>
    /// <param name="operation">The operation that must make it.</param>
    /// <param name="input">Which of its inputs.</param>
    /// <exception cref="InvalidDataException">Something else makes it.</exception>
    public OnnxValue From(string operation, int input = 0)
    {
        OnnxNode? maker = file.Maker(name);
        return maker?.Operator == operation && input < maker.Inputs.Length
            ? new OnnxValue(file, maker.Inputs[input])
            : throw new InvalidDataException(
                $"its graph is not of architecture static: {maker?.Operator ?? "nothing"} makes {name}, where "
                + $"{operation} belongs");
    }

    /// <summary>This value, which must be a constant.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public OnnxTensor Constant()
    {
        string at = name;
        for (int i = 0; i < MostIdentities; i++)
        {
            if (file.Constant(at) is { } tensor)
            {
                return tensor;
            }

            if (file.Maker(at) is not { Operator: "Identity", Inputs: [string original] })
            {
                break;
            }

            at = original;
        }

        throw new InvalidDataException($"its graph is not of architecture static: {name} is no constant");
    }
}
