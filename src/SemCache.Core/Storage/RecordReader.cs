using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SemCache.Core.Storage;

/// <summary>Reads what <see cref="RecordWriter"/> wrote.</summary>
/// <remarks>
/// Only used on bytes whose checksum is right; running out of them is a defect, and surfaces as
/// <see cref="ArgumentOutOfRangeException"/>.
/// </remarks>
internal ref struct RecordReader(ReadOnlyMemory<byte> bytes)
{
    private readonly ReadOnlyMemory<byte> _bytes = bytes;
    private int _position;

    /// <summary>Whether all is read.</summary>
    public readonly bool IsAtEnd => _position == _bytes.Length;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>How many of something follow.</summary>
    /// <param name="leastBytes">Bytes that each of them takes at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than the bytes that are left can hold.</exception>
    public int Count(int leastBytes)
    {
        int count = Int32();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (_bytes.Length - _position) / leastBytes);
        return count;
    }

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    public Guid Guid() => new(Take(16), bigEndian: true);

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    public string Text() => Encoding.UTF8.GetString(Take(Int32()));

    public ReadOnlySpan<float> Vector() => MemoryMarshal.Cast<byte, float>(Take(Int32() * sizeof(float)));

    public ReadOnlyMemory<byte> Block()
    {
        int length = Int32();
        ReadOnlyMemory<byte> block = _bytes.Slice(_position, length);
        _position += length;
        return block;
    }

    /// <summary>Copies a vector out of a record, from its length on. False when it has another length.</summary>
    public static bool TryCopyVector(ReadOnlySpan<byte> stored, Span<float> vector)
    {
        if (stored.Length < sizeof(int) + (vector.Length * sizeof(float))
            || BinaryPrimitives.ReadInt32LittleEndian(stored) != vector.Length)
        {
            return false;
        }

        MemoryMarshal.Cast<byte, float>(stored.Slice(sizeof(int), vector.Length * sizeof(float))).CopyTo(vector);
        return true;
    }

    public void SkipVector() => Take(Int32() * sizeof(float));

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _bytes.Span.Slice(_position, length);
        _position += length;
        return taken;
    }
}
