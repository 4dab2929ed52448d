using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SemCache.Core.Prompts;

/// <summary>128-bit hashes of content.</summary>
internal static class Hash128
{
    /// <summary>A fast hash (XXH3) for content that is compared again before it is trusted.</summary>
    public static UInt128 OfContent(ReadOnlySpan<byte> content) => XxHash128.HashToUInt128(content);
}

/// <summary>
/// Builds a digest (SHA-256, cut to 128 bits) of a sequence of values. For content that is too large to be kept for a
/// comparison, and on which the isolation of tenants rests: nobody can make two sequences with the same digest.
/// </summary>
/// <remarks>Every value goes in with its length, so that moving a border between two values changes the digest.</remarks>
internal sealed class DigestBuilder : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Append(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _hash.AppendData(bytes);
    }

    public void Append(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        _hash.AppendData(bytes);
    }

    public void Append(string value)
    {
        Append(value.Length);
        _hash.AppendData(MemoryMarshal.AsBytes(value.AsSpan()));
    }

    public UInt128 ToUInt128()
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    public void Dispose() => _hash.Dispose();
}
