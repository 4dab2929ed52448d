using System.Buffers.Binary;
using System.IO.Hashing;

namespace SemCache.Core.Storage;

/// <summary>
/// Remembers where the entry log begins, in the file <c>entries.begin</c>. Written before segments in front of it are deleted.
/// One that is still there after a crash must not come back: the records that removed its entries may be gone.
/// </summary>
/// <remarks>
/// Two slots, 4,096 bytes apart so that no write touches both, and zeros between them: i64 address, u64 XXH3-64 of it, seeded by
/// the log. The greater address counts, the other slot is the one that is written. A write that was torn has let nobody delete
/// anything: like any other damage it means that the log begins with its first segment. The file is made in advance and never
/// grows: it can be written while the device is full, and what follows makes room.
/// </remarks>
internal sealed class LogBegin(string folder, LogIdentity log)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "entries.begin";

    private const int SlotBytes = sizeof(long) + sizeof(ulong);
    private const int Stride = 4096;
    private const int FileBytes = Stride + SlotBytes;

    private readonly string _path = Path.Combine(folder, FileName);

    /// <summary>The address; 0 when nothing was ever truncated, null when the file is damaged.</summary>
    public long? Read()
    {
        if (!File.Exists(_path))
        {
            return 0;
        }

        return ReadSlots() is var (first, second) ? Math.Max(first, second) : null;
    }

    /// <summary>Makes the file, if there is none, so that it can be written when the device is full.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Reserve()
    {
        if (!File.Exists(_path))
        {
            Write(0);
        }
    }

    /// <summary>Returns when the device has it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(long address)
    {
        byte[] slot = new byte[SlotBytes];
        BinaryPrimitives.WriteInt64LittleEndian(slot, address);
        BinaryPrimitives.WriteUInt64LittleEndian(slot.AsSpan(sizeof(long)), Checksum(slot));
        if (!File.Exists(_path) || ReadSlots() is not var (first, second))
        {
            byte[] content = new byte[FileBytes];
            slot.CopyTo(content, 0);
            slot.CopyTo(content, Stride);
            DurableFile.Replace(_path, content);
            return;
        }

        using var file = new FileStream(
            _path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.WriteThrough);
        file.Position = first <= second ? 0 : Stride;
        file.Write(slot);
        file.Flush(flushToDisk: true);
    }

    private (long First, long Second)? ReadSlots()
    {
        byte[] content = File.ReadAllBytes(_path);
        return content.Length == FileBytes
            && !content.AsSpan(SlotBytes, Stride - SlotBytes).ContainsAnyExcept((byte)0)
            && AddressIn(content.AsSpan(0, SlotBytes)) is { } first
            && AddressIn(content.AsSpan(Stride)) is { } second
                ? (first, second)
                : null;
    }

    private long? AddressIn(ReadOnlySpan<byte> slot) =>
        BinaryPrimitives.ReadUInt64LittleEndian(slot[sizeof(long)..]) == Checksum(slot)
            ? BinaryPrimitives.ReadInt64LittleEndian(slot)
            : null;

    private ulong Checksum(ReadOnlySpan<byte> slot) => XxHash3.HashToUInt64(slot[..sizeof(long)], log.Seed);
}
