using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SemCache.Core.Embeddings.Static.Kernels;

/// <summary>
/// What kernels do with a register of single-precision numbers. A kernel is written once over it and compiled for each
/// width; the width of one number is the oracle of the others.
/// </summary>
/// <typeparam name="TVector">The register.</typeparam>
internal interface ILanes<TVector>
{
    /// <summary>Numbers in a register.</summary>
    static abstract int Count { get; }

    static abstract TVector Splat(float value);

    static abstract TVector Load(ref float from, nint at);

    static abstract TVector Load(ref short from, nint at);

    static abstract TVector Load(ref sbyte from, nint at);

    static abstract void Store(TVector value, ref float to, nint at);

    /// <summary>left · right + sum.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector sum);

    /// <summary>The value where it is above 0, else 0.</summary>
    static abstract TVector Positive(TVector value);
}

internal readonly struct Lanes512 : ILanes<Vector512<float>>
{
    public static int Count => 16;

    public static Vector512<float> Splat(float value) => Vector512.Create(value);

    public static Vector512<float> Load(ref float from, nint at) => Vector512.LoadUnsafe(ref Unsafe.Add(ref from, at));

    public static Vector512<float> Load(ref short from, nint at) => Vector512.ConvertToSingle(
        Vector512.WidenLower(Vector256.LoadUnsafe(ref Unsafe.Add(ref from, at)).ToVector512Unsafe()));

    public static Vector512<float> Load(ref sbyte from, nint at) => Vector512.ConvertToSingle(
        Vector512.WidenLower(Vector512.WidenLower(
            Vector128.LoadUnsafe(ref Unsafe.Add(ref from, at)).ToVector256Unsafe().ToVector512Unsafe())));

    public static void Store(Vector512<float> value, ref float to, nint at) => value.StoreUnsafe(ref Unsafe.Add(ref to, at));

    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> sum) =>
        Vector512.MultiplyAddEstimate(left, right, sum);

    public static Vector512<float> Positive(Vector512<float> value) => Vector512.Max(value, Vector512<float>.Zero);
}

internal readonly struct Lanes256 : ILanes<Vector256<float>>
{
    public static int Count => 8;

    public static Vector256<float> Splat(float value) => Vector256.Create(value);

    public static Vector256<float> Load(ref float from, nint at) => Vector256.LoadUnsafe(ref Unsafe.Add(ref from, at));

    public static Vector256<float> Load(ref short from, nint at) => Vector256.ConvertToSingle(
        Vector256.WidenLower(Vector128.LoadUnsafe(ref Unsafe.Add(ref from, at)).ToVector256Unsafe()));

    public static Vector256<float> Load(ref sbyte from, nint at) => Vector256.ConvertToSingle(
        Vector256.WidenLower(Vector256.WidenLower(
            Vector64.LoadUnsafe(ref Unsafe.Add(ref from, at)).ToVector128Unsafe().ToVector256Unsafe())));

    public static void Store(Vector256<float> value, ref float to, nint at) => value.StoreUnsafe(ref Unsafe.Add(ref to, at));

    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(left, right, sum);

    public static Vector256<float> Positive(Vector256<float> value) => Vector256.Max(value, Vector256<float>.Zero);
}

internal readonly struct Lanes128 : ILanes<Vector128<float>>
{
    public static int Count => 4;

    public static Vector128<float> Splat(float value) => Vector128.Create(value);

    public static Vector128<float> Load(ref float from, nint at) => Vector128.LoadUnsafe(ref Unsafe.Add(ref from, at));

    public static Vector128<float> Load(ref short from, nint at) => Vector128.ConvertToSingle(
        Vector128.WidenLower(Vector64.LoadUnsafe(ref Unsafe.Add(ref from, at)).ToVector128Unsafe()));

    // Four bytes are less than any register: one by one.
    public static Vector128<float> Load(ref sbyte from, nint at)
    {
        ref sbyte first = ref Unsafe.Add(ref from, at);
        return Vector128.Create((float)first, Unsafe.Add(ref first, 1), Unsafe.Add(ref first, 2), Unsafe.Add(ref first, 3));
    }

    public static void Store(Vector128<float> value, ref float to, nint at) => value.StoreUnsafe(ref Unsafe.Add(ref to, at));

    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> sum) =>
        Vector128.MultiplyAddEstimate(left, right, sum);

    public static Vector128<float> Positive(Vector128<float> value) => Vector128.Max(value, Vector128<float>.Zero);
}

internal readonly struct LanesScalar : ILanes<float>
{
    public static int Count => 1;

    public static float Splat(float value) => value;

    public static float Load(ref float from, nint at) => Unsafe.Add(ref from, at);

    public static float Load(ref short from, nint at) => Unsafe.Add(ref from, at);

    public static float Load(ref sbyte from, nint at) => Unsafe.Add(ref from, at);

    public static void Store(float value, ref float to, nint at) => Unsafe.Add(ref to, at) = value;

    public static float MultiplyAdd(float left, float right, float sum) => (left * right) + sum;

    public static float Positive(float value) => Math.Max(value, 0);
}
