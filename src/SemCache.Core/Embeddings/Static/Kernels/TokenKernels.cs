using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SemCache.Core.Embeddings.Static.Kernels;

/// <summary>
/// What is done with rows of quantised numbers and of weights, by the widest register that the processor has. Lengths are
/// multiples of <see cref="Lanes"/>, so that no kernel has a tail.
/// </summary>
internal static class TokenKernels
{
    /// <summary>Numbers in the widest register there is.</summary>
    public const int Lanes = 16;

    /// <summary>to += scale · row.</summary>
    public static void AddScaled(ReadOnlySpan<sbyte> row, float scale, Span<float> to)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddScaled<Lanes512, Vector512<float>>(row, scale, to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddScaled<Lanes256, Vector256<float>>(row, scale, to);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            AddScaled<Lanes128, Vector128<float>>(row, scale, to);
        }
        else
        {
            AddScaled<LanesScalar, float>(row, scale, to);
        }
    }

    /// <summary>to = the numbers that were scaled.</summary>
    public static void Scale(ScaledRow row, Span<float> to)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Scale<Lanes512, Vector512<float>>(row, to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Scale<Lanes256, Vector256<float>>(row, to);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Scale<Lanes128, Vector128<float>>(row, to);
        }
        else
        {
            Scale<LanesScalar, float>(row, to);
        }
    }

    /// <summary>to = max(0, bias + the parts of three neighbours), each part by its scale.</summary>
    public static void Trigram(
        ReadOnlySpan<float> bias, ScaledRow before, ScaledRow at, ScaledRow after, Span<float> to)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Trigram<Lanes512, Vector512<float>>(bias, before, at, after, to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Trigram<Lanes256, Vector256<float>>(bias, before, at, after, to);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Trigram<Lanes128, Vector128<float>>(bias, before, at, after, to);
        }
        else
        {
            Trigram<LanesScalar, float>(bias, before, at, after, to);
        }
    }

    /// <summary>to = Σ weights[i] · rows[places[i]].</summary>
    /// <param name="weights">One for each place.</param>
    /// <param name="places">Which rows.</param>
    /// <param name="rows">From the beginning of the first row on.</param>
    /// <param name="stride">From the beginning of a row to that of the next.</param>
    /// <param name="to">Receives as many numbers of each row as it has.</param>
    public static void WeightedSum(
        ReadOnlySpan<float> weights, ReadOnlySpan<int> places, ReadOnlySpan<float> rows, int stride, Span<float> to)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            WeightedSum<Lanes512, Vector512<float>>(weights, places, rows, stride, to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            WeightedSum<Lanes256, Vector256<float>>(weights, places, rows, stride, to);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            WeightedSum<Lanes128, Vector128<float>>(weights, places, rows, stride, to);
        }
        else
        {
            WeightedSum<LanesScalar, float>(weights, places, rows, stride, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScaled<TLanes, TVector>(ReadOnlySpan<sbyte> row, float scale, Span<float> to)
        where TLanes : ILanes<TVector>
    {
        Check(to.Length, row.Length);
        ref sbyte from = ref MemoryMarshal.GetReference(row);
        ref float sum = ref MemoryMarshal.GetReference(to);
        TVector factor = TLanes.Splat(scale);
        for (nint i = 0; i < to.Length; i += TLanes.Count)
        {
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(ref from, i), factor, TLanes.Load(ref sum, i)), ref sum, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Scale<TLanes, TVector>(ScaledRow row, Span<float> to)
        where TLanes : ILanes<TVector>
    {
        Check(to.Length, row.Values.Length);
        ref short from = ref MemoryMarshal.GetReference(row.Values);
        ref float result = ref MemoryMarshal.GetReference(to);
        TVector scale = TLanes.Splat(row.Scale);
        TVector zero = TLanes.Splat(0);
        for (nint i = 0; i < to.Length; i += TLanes.Count)
        {
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(ref from, i), scale, zero), ref result, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Trigram<TLanes, TVector>(
        ReadOnlySpan<float> bias, ScaledRow before, ScaledRow at, ScaledRow after, Span<float> to)
        where TLanes : ILanes<TVector>
    {
        Check(to.Length, Math.Min(Math.Min(bias.Length, before.Values.Length), Math.Min(at.Values.Length, after.Values.Length)));
        ref float constant = ref MemoryMarshal.GetReference(bias);
        ref short first = ref MemoryMarshal.GetReference(before.Values);
        ref short second = ref MemoryMarshal.GetReference(at.Values);
        ref short third = ref MemoryMarshal.GetReference(after.Values);
        ref float result = ref MemoryMarshal.GetReference(to);
        TVector firstScale = TLanes.Splat(before.Scale);
        TVector secondScale = TLanes.Splat(at.Scale);
        TVector thirdScale = TLanes.Splat(after.Scale);
        for (nint i = 0; i < to.Length; i += TLanes.Count)
        {
            TVector sum = TLanes.MultiplyAdd(TLanes.Load(ref first, i), firstScale, TLanes.Load(ref constant, i));
            sum = TLanes.MultiplyAdd(TLanes.Load(ref second, i), secondScale, sum);
            sum = TLanes.MultiplyAdd(TLanes.Load(ref third, i), thirdScale, sum);
            TLanes.Store(TLanes.Positive(sum), ref result, i);
        }
    }

    // Four registers of columns at a time: as many sums as hide a multiply-add's latency behind the next row's loads.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void WeightedSum<TLanes, TVector>(
        ReadOnlySpan<float> weights, ReadOnlySpan<int> places, ReadOnlySpan<float> rows, int stride, Span<float> to)
        where TLanes : ILanes<TVector>
    {
        foreach (int place in places)
        {
            Check(to.Length, rows.Length - (place * stride));
        }

        ref float from = ref MemoryMarshal.GetReference(rows);
        ref float result = ref MemoryMarshal.GetReference(to);
        nint step = 4 * TLanes.Count;
        nint column = 0;
        for (; column + step <= to.Length; column += step)
        {
            TVector sum0 = TLanes.Splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            for (int i = 0; i < weights.Length; i++)
            {
                ref float row = ref Unsafe.Add(ref from, ((nint)places[i] * stride) + column);
                TVector weight = TLanes.Splat(weights[i]);
                sum0 = TLanes.MultiplyAdd(weight, TLanes.Load(ref row, 0), sum0);
                sum1 = TLanes.MultiplyAdd(weight, TLanes.Load(ref row, TLanes.Count), sum1);
                sum2 = TLanes.MultiplyAdd(weight, TLanes.Load(ref row, 2 * TLanes.Count), sum2);
                sum3 = TLanes.MultiplyAdd(weight, TLanes.Load(ref row, 3 * TLanes.Count), sum3);
            }

            TLanes.Store(sum0, ref result, column);
            TLanes.Store(sum1, ref result, column + TLanes.Count);
            TLanes.Store(sum2, ref result, column + (2 * TLanes.Count));
            TLanes.Store(sum3, ref result, column + (3 * TLanes.Count));
        }

        for (; column < to.Length; column += TLanes.Count)
        {
            TVector sum = TLanes.Splat(0);
            for (int i = 0; i < weights.Length; i++)
            {
                sum = TLanes.MultiplyAdd(
                    TLanes.Splat(weights[i]), TLanes.Load(ref from, ((nint)places[i] * stride) + column), sum);
            }

            TLanes.Store(sum, ref result, column);
        }
    }

    private static void Check(int length, int available)
    {
        if (length % Lanes != 0 || length > available)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"allowed is a multiple of {Lanes} up to {available}");
        }
    }
}

/// <summary>Numbers that were divided by a scale and rounded to 16 bits.</summary>
internal readonly ref struct ScaledRow(ReadOnlySpan<short> values, float scale)
{
    public ReadOnlySpan<short> Values { get; } = values;

    public float Scale { get; } = scale;

    /// <summary>A part of the numbers.</summary>
    public ScaledRow Slice(int start, int length) => new(Values.Slice(start, length), Scale);
}
