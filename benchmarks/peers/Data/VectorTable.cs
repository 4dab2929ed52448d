using System.Runtime.InteropServices;

namespace SemCache.Peers.Data;

/// <summary>Vectors of one dimension, one after the other in memory.</summary>
/// <remarks>
/// In a file: rows and dimension as int32, then the components as float32, all little endian. The hnswlib peer reads the
/// same files.
/// </remarks>
internal sealed class VectorTable(float[] values, int dimension)
{
    private const int HeaderInts = 2;

    /// <summary>A table of zeros.</summary>
    public VectorTable(int rows, int dimension)
        : this(new float[checked(rows * dimension)], dimension)
    {
    }

    /// <summary>All components, row by row.</summary>
    public float[] Values { get; } = values;

    /// <summary>Components of a vector.</summary>
    public int Dimension { get; } = dimension;

    /// <summary>Number of vectors.</summary>
    public int Rows => Values.Length / Dimension;

    /// <summary>One vector.</summary>
    public Span<float> Row(int row) => Values.AsSpan(row * Dimension, Dimension);

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or it is cut off.</exception>
    public static VectorTable Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<int> header = stackalloc int[HeaderInts];
        file.ReadExactly(MemoryMarshal.AsBytes(header));
        long bytes = (long)header[0] * header[1] * sizeof(float);
        if (header[0] < 0 || header[1] <= 0 || file.Length != bytes + (HeaderInts * sizeof(int)))
        {
            throw new InvalidDataException($"{path} is no file of vectors; delete it.");
        }

        var table = new VectorTable(header[0], header[1]);
        file.ReadExactly(MemoryMarshal.AsBytes(table.Values.AsSpan()));
        return table;
    }

    /// <summary>Writes a file that appears when it is complete.</summary>
    public void Write(string path)
    {
        string unfinished = $"{path}.{Guid.NewGuid():N}";
        using (FileStream file = File.Create(unfinished))
        {
            file.Write(MemoryMarshal.AsBytes((ReadOnlySpan<int>)[Rows, Dimension]));
            file.Write(MemoryMarshal.AsBytes(Values.AsSpan()));
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
