using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SemCache.Core.Storage;

/// <summary>Ties other files to one log: they belong to it and to no other.</summary>
/// <param name="Id">Names the log.</param>
/// <param name="Seed">Seed of checksums that nobody can make without the log's secret.</param>
internal readonly record struct LogIdentity(UInt128 Id, long Seed)
{
    /// <summary>Derives both from the log's secret, which neither gives away.</summary>
    public static LogIdentity Of(long secret)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(key, secret);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, "semcache log identity"u8, hash);
        return new LogIdentity(
            BinaryPrimitives.ReadUInt128LittleEndian(hash), BinaryPrimitives.ReadInt64LittleEndian(hash[16..]));
    }
}
