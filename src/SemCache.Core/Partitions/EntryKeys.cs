using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SemCache.Core.Partitions;

/// <summary>Which field of an entry a table finds it by.</summary>
/// <typeparam name="TKey">The field's type.</typeparam>
internal interface IEntryKey<TKey>
    where TKey : struct, IEquatable<TKey>
{
    /// <summary>The field.</summary>
    static abstract TKey Of(Entry entry);

    /// <summary>A hash whose upper bits are as good as its lower ones.</summary>
    static abstract ulong Hash(TKey key);
}

/// <summary>By the hash of the canonical text.</summary>
internal readonly struct ByText : IEntryKey<UInt128>
{
    public static UInt128 Of(Entry entry) => entry.TextHash;

    public static ulong Hash(UInt128 key) => KeyHash.Of((ulong)key, (ulong)(key >> 64));
}

/// <summary>By the entry's id.</summary>
internal readonly struct ById : IEntryKey<Guid>
{
    public static Guid Of(Entry entry) => entry.Id;

    public static ulong Hash(Guid key)
    {
        UInt128 bits = Unsafe.BitCast<Guid, UInt128>(key);
        return KeyHash.Of((ulong)bits, (ulong)(bits >> 64));
    }
}

/// <summary>
/// Folds 128 bits into 64, as wyhash does. Seeded: callers choose their prompts, and must not be able to choose ones that
/// come to lie side by side.
/// </summary>
internal static class KeyHash
{
    private static readonly (ulong Low, ulong High) _seed = NewSeed();

    public static ulong Of(ulong low, ulong high)
    {
        ulong upper = Math.BigMul(low ^ _seed.Low, high ^ _seed.High, out ulong lower);
        return upper ^ lower;
    }

    private static (ulong Low, ulong High) NewSeed()
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        ReadOnlySpan<ulong> halves = MemoryMarshal.Cast<byte, ulong>(bytes);
        return (halves[0], halves[1]);
    }
}
