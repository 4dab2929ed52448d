using System.Buffers.Binary;
using System.IO.Hashing;

namespace SemCache.Core.Storage;

/// <summary>
/// Remembers where the entry log begins, in the file <c>entries.begin</c>: i64 address, u64 XXH3-64 of it, seeded by the log.
/// Written before segments in front of it are deleted. One that is still there after a crash must not come back: the
/// records that removed its entries may be gone.
/// </summary>
internal sealed class LogBegin(string folder, LogIdentity log)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "entries.begin";

    private const int Bytes = sizeof(long) + sizeof(ulong);

    private readonly string _path = Path.Combine(folder, FileName);

    /// <summary>The address; 0 when nothing was ever truncated, null when the file is damaged.</summary>
    public long? Read()
    {
        if (!File.Exists(_path))
        {
            return 0;
        }

        byte[] content = File.ReadAllBytes(_path);
        return content.Length == Bytes
            && BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(sizeof(long))) == Checksum(content)
                ? BinaryPrimitives.ReadInt64LittleEndian(content)
                : null;
    }

    /// <summary>Returns when the device has it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(long address)
    {
        Span<byte> content = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(content, address);
        BinaryPrimitives.WriteUInt64LittleEndian(content[sizeof(long)..], Checksum(content));
        DurableFile.Replace(_path, content);
    }

    private ulong Checksum(ReadOnlySpan<byte> content) => XxHash3.HashToUInt64(content[..sizeof(long)], log.Seed);
}
