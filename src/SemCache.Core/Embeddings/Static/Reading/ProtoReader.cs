using System.Text;

namespace SemCache.Core.Embeddings.Static.Reading;

/// <summary>
/// Reads one protobuf message field by field. Every length is checked against what is there, so that a damaged file
/// ends in an error and not in memory that it names.
/// </summary>
internal struct ProtoReader(ReadOnlyMemory<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private int _at;
    private int _wire;

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public bool Next(out int field)
    {
        field = 0;
        if (_at == message.Length)
        {
            return false;
        }

        ulong key = ReadVarint();
        _wire = (int)(key & 7);
        if (key >> 3 is 0 or > 0x1FFFFFFF)
        {
            throw Damaged($"has no field {key >> 3}");
        }

        field = (int)(key >> 3);
        return true;
    }

    /// <summary>The field's value, an integer.</summary>
    /// <exception cref="InvalidDataException">It holds something else.</exception>
    public long Integer() => _wire == Varint ? (long)ReadVarint() : throw Damaged($"has wire type {_wire} for an integer");

    /// <summary>The field's value: bytes, or a message within.</summary>
    /// <exception cref="InvalidDataException">It holds something else, or less than it says.</exception>
    public ReadOnlyMemory<byte> Bytes()
    {
        if (_wire != LengthDelimited)
        {
            throw Damaged($"has wire type {_wire} for bytes");
        }

        ulong length = ReadVarint();
        return length <= (ulong)(message.Length - _at)
            ? Take((int)length)
            : throw Damaged($"ends {length - (ulong)(message.Length - _at)} bytes too early");
    }

    /// <summary>The field's value, a text.</summary>
    /// <exception cref="InvalidDataException">It holds something else, or less than it says.</exception>
    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    /// <summary>Integers of a repeated field: one, or many packed into bytes.</summary>
    /// <exception cref="InvalidDataException">It holds something else, or less than it says.</exception>
    public void AddIntegers(List<long> to)
    {
        if (_wire == Varint)
        {
            to.Add(Integer());
            return;
        }

        ReadOnlyMemory<byte> packed = Bytes();
        var reader = new ProtoReader(packed);
        while (reader._at < packed.Length)
        {
            to.Add((long)reader.ReadVarint());
        }
    }

    /// <summary>Passes over the field's value.</summary>
    /// <exception cref="InvalidDataException">It ends too early, or is of a kind that does not exist.</exception>
    public void Skip()
    {
        switch (_wire)
        {
            case Varint:
                ReadVarint();
                break;
            case LengthDelimited:
                Bytes();
                break;
            case Fixed32 or Fixed64:
                int length = _wire == Fixed32 ? sizeof(uint) : sizeof(ulong);
                if (length > message.Length - _at)
                {
                    throw Damaged("ends within a number");
                }

                Take(length);
                break;
            default:
                throw Damaged($"has a field of wire type {_wire}");
        }
    }

    private static InvalidDataException Damaged(string what) => new($"it is no whole ONNX file: a message {what}");

    private ReadOnlyMemory<byte> Take(int length)
    {
        _at += length;
        return message.Slice(_at - length, length);
    }

    private ulong ReadVarint()
    {
        ReadOnlySpan<byte> bytes = message.Span[_at..];
        ulong value = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                _at += i + 1;
                return value;
            }
        }

        throw Damaged("ends within a number");
    }
}
