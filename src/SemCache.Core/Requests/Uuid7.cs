using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SemCache.Core.Requests;

/// <summary>UUIDs of version 7 (RFC 9562): milliseconds, 12 bits of one's own choice, 62 random bits.</summary>
/// <remarks>
/// The randomness is the system's, fetched by the page: <see cref="Guid.NewGuid"/> makes a system call each time, which took
/// two fifths of an exact hit.
/// </remarks>
internal static class Uuid7
{
    /// <summary>Bits that the caller may choose.</summary>
    public const int OwnBits = 12;

    private const long OwnMask = (1 << OwnBits) - 1;
    private const long Version = 0x7000;
    private const ulong VariantMask = 0x3FFF_FFFF_FFFF_FFFF;
    private const ulong Variant = 0x8000_0000_0000_0000;
    private const int PageBytes = 4096;

    [ThreadStatic]
    private static byte[]? _page;

    [ThreadStatic]
    private static int _used;

    /// <summary>An id that nobody can foresee.</summary>
    public static Guid New(DateTimeOffset now) => New(now.ToUnixTimeMilliseconds(), (long)Random());

    /// <summary>An id with bits of the caller's own behind the milliseconds.</summary>
    /// <param name="milliseconds">Since 1970; 48 bits.</param>
    /// <param name="own">Of it, the lowest <see cref="OwnBits"/> bits.</param>
    public static Guid New(long milliseconds, long own)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (milliseconds << 16) | Version | (own & OwnMask));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(long)..], (Random() & VariantMask) | Variant);
        return new Guid(bytes, bigEndian: true);
    }

    private static ulong Random()
    {
        byte[] page = _page ??= new byte[PageBytes];
        if (_used == 0)
        {
            RandomNumberGenerator.Fill(page);
        }

        Span<byte> next = page.AsSpan(_used, sizeof(ulong));
        ulong random = BinaryPrimitives.ReadUInt64LittleEndian(next);
        _used = (_used + sizeof(ulong)) % PageBytes;
        return random;
    }
}
