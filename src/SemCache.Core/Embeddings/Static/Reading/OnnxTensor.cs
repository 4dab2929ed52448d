using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace SemCache.Core.Embeddings.Static.Reading;

/// <summary>A constant of an ONNX file: its shape, and its numbers as the file has them.</summary>
internal sealed class OnnxTensor
{
    private const int Float32 = 1;
    private const int Int8 = 3;

    private readonly int _type;
    private readonly ReadOnlyMemory<byte> _data;

    private OnnxTensor(string name, int type, int[] shape, ReadOnlyMemory<byte> data)
    {
        Name = name;
        _type = type;
        Shape = shape;
        _data = data;
    }

    /// <summary>Its name in the file; empty for a constant within a node.</summary>
    public string Name { get; }

    /// <summary>Its dimensions; none for a single number.</summary>
    public int[] Shape { get; }

    /// <summary>Reads a <c>TensorProto</c>, without a look at the numbers.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or keeps its numbers in another file.</exception>
    public static OnnxTensor Read(ReadOnlyMemory<byte> message)
    {
        string name = "";
        int type = 0;
        List<long> dimensions = [];
        ReadOnlyMemory<byte> data = default;
        var reader = new ProtoReader(message);
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    reader.AddIntegers(dimensions);
                    break;
                case 2:
                    type = (int)Math.Clamp(reader.Integer(), 0, int.MaxValue);
                    break;
                case 8:
                    name = reader.Text();
                    break;
                case 9:
                    data = reader.Bytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return dimensions.All(size => size is >= 0 and <= int.MaxValue)
            ? new OnnxTensor(name, type, [.. dimensions.Select(size => (int)size)], data)
            : throw new InvalidDataException($"its tensor '{name}' has a dimension outside of 0 to {int.MaxValue}");
    }

    /// <summary>The numbers of a float32 tensor.</summary>
    /// <param name="shape">The shape that it must have.</param>
    /// <exception cref="InvalidDataException">It has another shape or type, or holds something that is no number.</exception>
    public float[] Floats(params ReadOnlySpan<int> shape)
    {
        float[] values = Cells<float>(shape, Float32, "float32").ToArray();
        return TensorPrimitives.IsFiniteAll<float>(values)
            ? values
            : throw new InvalidDataException($"its tensor '{Name}' holds something that is no finite number");
    }

    /// <summary>The numbers of an int8 tensor.</summary>
    /// <param name="shape">The shape that it must have.</param>
    /// <exception cref="InvalidDataException">It has another shape or type.</exception>
    public sbyte[] Bytes(params ReadOnlySpan<int> shape) => Cells<sbyte>(shape, Int8, "int8").ToArray();

    private ReadOnlySpan<T> Cells<T>(ReadOnlySpan<int> shape, int type, string typeName)
        where T : unmanaged
    {
        if (_type != type)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"its tensor '{Name}' has element type {_type} instead of {type} ({typeName})"));
        }

        if (!shape.SequenceEqual(Shape))
        {
            throw new InvalidDataException(
                $"its tensor '{Name}' is [{string.Join(", ", Shape)}] where [{string.Join(", ", shape.ToArray())}] belongs");
        }

        ReadOnlySpan<T> cells = MemoryMarshal.Cast<byte, T>(_data.Span);
        Int128 wanted = 1;
        foreach (int size in shape)
        {
            wanted *= size;
        }

        return cells.Length == wanted && cells.Length * Marshal.SizeOf<T>() == _data.Length
            ? cells
            : throw new InvalidDataException(
                $"its tensor '{Name}' has {_data.Length} bytes of numbers, which do not fill its shape");
    }
}
