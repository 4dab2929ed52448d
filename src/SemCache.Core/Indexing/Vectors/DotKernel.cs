using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SemCache.Core.Indexing.Vectors;

/// <summary>
/// Dot product of a stored row with a query, both quantised to 8 bits: Σ (row[i] − 128) · query[i].
/// </summary>
/// <remarks>
/// Rows are kept with 128 added, because the fastest instruction of x86 multiplies unsigned by signed bytes; what that
/// adds to the sum, 128 · Σ query[i], is the query's <c>bias</c>. Lengths are multiples of <see cref="Lanes"/>: a
/// row is padded with 128, a query with 0, so that no kernel has a tail. The sums are exact integers, and all kernels
/// agree to the last bit.
/// </remarks>
internal static class DotKernel
{
    /// <summary>Rows are padded to a multiple of so many bytes: a cache line, and the widest register.</summary>
    public const int Lanes = 64;

    /// <summary>What is added to every stored value.</summary>
    public const byte Zero = 128;

    /// <summary>Bytes of a row of this dimension.</summary>
    public static int Stride(int dimension) => (dimension + Lanes - 1) & ~(Lanes - 1);

    /// <summary>The dot product by the widest kernel that the processor has.</summary>
    /// <param name="row">First of <paramref name="length"/> stored values.</param>
    /// <param name="query">First of <paramref name="length"/> values of the query.</param>
    /// <param name="bias">128 · Σ query[i].</param>
    /// <param name="length">A multiple of <see cref="Lanes"/>, at most 4,096.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ref byte row, ref sbyte query, int bias, int length)
    {
        if (AvxVnni.IsSupported)
        {
            return DotVnni(ref row, ref query, length) - bias;
        }

        if (Vector512.IsHardwareAccelerated && Avx512BW.IsSupported)
        {
            return Dot512(ref row, ref query, length) - bias;
        }

        if (Avx2.IsSupported)
        {
            return Dot256(ref row, ref query, length) - bias;
        }

        if (Dp.IsSupported)
        {
            return DotArm(ref row, ref query, length);
        }

        return Vector128.IsHardwareAccelerated
            ? Dot128(ref row, ref query, length) - bias
            : DotScalar(ref row, ref query, length) - bias;
    }

    /// <summary>What the 128 added to stored values adds to a dot product with this query: 128 · Σ query[i].</summary>
    public static int Bias(ReadOnlySpan<sbyte> query)
    {
        Vector128<int> sum = Vector128<int>.Zero;
        for (int i = 0; i < query.Length; i += Vector128<sbyte>.Count)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Create(query[i..]));
            (Vector128<int> first, Vector128<int> second) = Vector128.Widen(low + high);
            sum += first + second;
        }

        return Vector128.Sum(sum) * Zero;
    }

    /// <summary>VNNI: 32 products of unsigned and signed bytes, summed by fours, in one instruction.</summary>
    internal static int DotVnni(ref byte row, ref sbyte query, int length)
    {
        Vector256<int> first = Vector256<int>.Zero;
        Vector256<int> second = Vector256<int>.Zero;
        Vector256<int> third = Vector256<int>.Zero;
        Vector256<int> fourth = Vector256<int>.Zero;
        int i = 0;
        for (; i <= length - 128; i += 128)
        {
            first = Step(first, ref row, ref query, i);
            second = Step(second, ref row, ref query, i + 32);
            third = Step(third, ref row, ref query, i + 64);
            fourth = Step(fourth, ref row, ref query, i + 96);
        }

        if (i < length)
        {
            first = Step(first, ref row, ref query, i);
            second = Step(second, ref row, ref query, i + 32);
        }

        return Vector256.Sum(first + second + (third + fourth));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Step(Vector256<int> sum, ref byte row, ref sbyte query, int at) =>
            AvxVnni.MultiplyWideningAndAdd(
                sum,
                Vector256.LoadUnsafe(ref row, (nuint)at),
                Vector256.LoadUnsafe(ref query, (nuint)at));
    }

    /// <summary>AVX-512 without VNNI: widened to 16 bits, multiplied and added by pairs.</summary>
    internal static int Dot512(ref byte row, ref sbyte query, int length)
    {
        Vector512<int> sum = Vector512<int>.Zero;
        for (int i = 0; i < length; i += 32)
        {
            sum += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref row, (nuint)i)),
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref query, (nuint)i)));
        }

        return Vector512.Sum(sum);
    }

    /// <summary>AVX2: as with AVX-512, half as wide.</summary>
    internal static int Dot256(ref byte row, ref sbyte query, int length)
    {
        Vector256<int> sum = Vector256<int>.Zero;
        for (int i = 0; i < length; i += 16)
        {
            sum += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref row, (nuint)i)),
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref query, (nuint)i)));
        }

        return Vector256.Sum(sum);
    }

    /// <summary>Arm's dot product instruction: signed by signed bytes, hence without a bias.</summary>
    internal static int DotArm(ref byte row, ref sbyte query, int length)
    {
        Vector128<int> first = Vector128<int>.Zero;
        Vector128<int> second = Vector128<int>.Zero;
        Vector128<byte> flip = Vector128.Create(Zero);
        for (int i = 0; i < length; i += 32)
        {
            first = Dp.DotProduct(
                first,
                (Vector128.LoadUnsafe(ref row, (nuint)i) ^ flip).AsSByte(),
                Vector128.LoadUnsafe(ref query, (nuint)i));
            second = Dp.DotProduct(
                second,
                (Vector128.LoadUnsafe(ref row, (nuint)i + 16) ^ flip).AsSByte(),
                Vector128.LoadUnsafe(ref query, (nuint)i + 16));
        }

        return Vector128.Sum(first + second);
    }

    /// <summary>Any processor with 128-bit registers: widened to 16, then to 32 bits.</summary>
    internal static int Dot128(ref byte row, ref sbyte query, int length)
    {
        Vector128<int> sum = Vector128<int>.Zero;
        for (int i = 0; i < length; i += 16)
        {
            (Vector128<ushort> rowLow, Vector128<ushort> rowHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref row, (nuint)i));
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.LoadUnsafe(ref query, (nuint)i));
            sum += Products(rowLow.AsInt16(), low) + Products(rowHigh.AsInt16(), high);
        }

        return Vector128.Sum(sum);

        // 255 · 127 fits into 16 bits with a sign.
        static Vector128<int> Products(Vector128<short> left, Vector128<short> right)
        {
            (Vector128<int> low, Vector128<int> high) = Vector128.Widen(left * right);
            return low + high;
        }
    }

    /// <summary>The definition, and the oracle of all others.</summary>
    internal static int DotScalar(ref byte row, ref sbyte query, int length)
    {
        int sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += Unsafe.Add(ref row, i) * Unsafe.Add(ref query, i);
        }

        return sum;
    }
}
