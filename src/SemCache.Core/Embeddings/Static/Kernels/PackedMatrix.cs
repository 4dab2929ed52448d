using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SemCache.Core.Embeddings.Static.Kernels;

/// <summary>
/// A matrix of weights, laid out for being multiplied from the left: two registers' width of columns after the other, each
/// such panel row by row. Immutable, so safe for concurrent use.
/// </summary>
/// <remarks>
/// The kernel holds six rows of the result by one panel in twelve registers, which is what both 16 registers of AVX2 and
/// the latency of its multiply-add allow (the tile of GotoBLAS and BLIS for these processors).
/// </remarks>
internal sealed class PackedMatrix
{
    private const int TileRows = 6;
    private const int TileRegisters = 2;

    private readonly float[] _panels;
    private readonly int _first;
    private readonly int _lanes;

    /// <param name="values">[rows × columns] weights.</param>
    /// <param name="rows">Length of what is multiplied.</param>
    /// <param name="columns">Length of the result.</param>
    public PackedMatrix(ReadOnlySpan<float> values, int rows, int columns)
        : this(values, rows, columns, Widest)
    {
    }

    /// <param name="values">[rows × columns] weights.</param>
    /// <param name="rows">Length of what is multiplied.</param>
    /// <param name="columns">Length of the result.</param>
    /// <param name="lanes">Numbers in the register to compute with: 16, 8, 4 or 1, as the processor has.</param>
    internal PackedMatrix(ReadOnlySpan<float> values, int rows, int columns, int lanes)
    {
        int panel = TileRegisters * lanes;
        _lanes = lanes;
        Rows = rows;
        // Whatever the processor: other kernels take the results too, and are without a tail.
        int fill = Math.Max(panel, TokenKernels.Lanes);
        Width = (columns + fill - 1) / fill * fill;

        // Registers that straddle cache lines would halve the speed of the loads.
        const int Line = 64 / sizeof(float);
        _panels = GC.AllocateArray<float>((rows * Width) + Line, pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(_panels, 0);
        _first = (int)(-(address / sizeof(float)) & (Line - 1));
        for (int column = 0; column < columns; column++)
        {
            int at = _first + (column / panel * panel * rows) + (column % panel);
            for (int row = 0; row < rows; row++)
            {
                _panels[at + (row * panel)] = values[(row * columns) + column];
            }
        }
    }

    /// <summary>Numbers in the widest register of this processor.</summary>
    public static int Widest =>
        Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    /// <summary>Length of what is multiplied.</summary>
    public int Rows { get; }

    /// <summary>
    /// Length of a row of results: the columns, filled up to whole panels and a multiple of <see cref="TokenKernels.Lanes"/>.
    /// What fills up adds 0.
    /// </summary>
    public int Width { get; }

    /// <summary>Adds vectors times this matrix to results.</summary>
    /// <param name="vectors">[count × <see cref="Rows"/>], row by row.</param>
    /// <param name="count">How many.</param>
    /// <param name="results">[count × <see cref="Width"/>], row by row.</param>
    public void MultiplyAdd(ReadOnlySpan<float> vectors, int count, Span<float> results)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)count * Rows, vectors.Length, nameof(vectors));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)count * Width, results.Length, nameof(results));
        ref float from = ref MemoryMarshal.GetReference(vectors);
        ref float to = ref MemoryMarshal.GetReference(results);
        switch (_lanes)
        {
            case 16:
                MultiplyAdd<Lanes512, Vector512<float>>(ref from, count, ref to);
                break;
            case 8:
                MultiplyAdd<Lanes256, Vector256<float>>(ref from, count, ref to);
                break;
            case 4:
                MultiplyAdd<Lanes128, Vector128<float>>(ref from, count, ref to);
                break;
            default:
                MultiplyAdd<LanesScalar, float>(ref from, count, ref to);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyAdd<TLanes, TVector>(ref float vectors, int count, ref float results)
        where TLanes : ILanes<TVector>
    {
        int panel = TileRegisters * TLanes.Count;
        ref float weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_panels), _first);
        for (int column = 0; column < Width; column += panel)
        {
            ref float to = ref Unsafe.Add(ref results, column);
            int row = 0;
            for (; row + 1 < count; row += TileRows)
            {
                Tile<TLanes, TVector>(ref vectors, ref weights, ref to, row, Math.Min(count - row, TileRows));
            }

            if (row < count)
            {
                Single<TLanes, TVector>(ref Unsafe.Add(ref vectors, (nint)row * Rows), ref weights, ref Unsafe.Add(ref to, (nint)row * Width));
            }

            weights = ref Unsafe.Add(ref weights, (nint)Rows * panel);
        }
    }

    // Where fewer than six rows are left, the last is computed several times, to the same result, rather than by other code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile<TLanes, TVector>(ref float vectors, ref float weights, ref float results, int row, int rows)
        where TLanes : ILanes<TVector>
    {
        int last = row + rows - 1;
        ref float from0 = ref Unsafe.Add(ref vectors, (nint)row * Rows);
        ref float from1 = ref Unsafe.Add(ref vectors, (nint)Math.Min(row + 1, last) * Rows);
        ref float from2 = ref Unsafe.Add(ref vectors, (nint)Math.Min(row + 2, last) * Rows);
        ref float from3 = ref Unsafe.Add(ref vectors, (nint)Math.Min(row + 3, last) * Rows);
        ref float from4 = ref Unsafe.Add(ref vectors, (nint)Math.Min(row + 4, last) * Rows);
        ref float from5 = ref Unsafe.Add(ref vectors, (nint)Math.Min(row + 5, last) * Rows);
        TVector zero = TLanes.Splat(0);
        TVector left0 = zero, left1 = zero, left2 = zero, left3 = zero, left4 = zero, left5 = zero;
        TVector right0 = zero, right1 = zero, right2 = zero, right3 = zero, right4 = zero, right5 = zero;
        for (nint i = 0; i < Rows; i++)
        {
            TVector left = TLanes.Load(ref weights, i * TileRegisters * TLanes.Count);
            TVector right = TLanes.Load(ref weights, ((i * TileRegisters) + 1) * TLanes.Count);
            TVector from = TLanes.Splat(Unsafe.Add(ref from0, i));
            left0 = TLanes.MultiplyAdd(from, left, left0);
            right0 = TLanes.MultiplyAdd(from, right, right0);
            from = TLanes.Splat(Unsafe.Add(ref from1, i));
            left1 = TLanes.MultiplyAdd(from, left, left1);
            right1 = TLanes.MultiplyAdd(from, right, right1);
            from = TLanes.Splat(Unsafe.Add(ref from2, i));
            left2 = TLanes.MultiplyAdd(from, left, left2);
            right2 = TLanes.MultiplyAdd(from, right, right2);
            from = TLanes.Splat(Unsafe.Add(ref from3, i));
            left3 = TLanes.MultiplyAdd(from, left, left3);
            right3 = TLanes.MultiplyAdd(from, right, right3);
            from = TLanes.Splat(Unsafe.Add(ref from4, i));
            left4 = TLanes.MultiplyAdd(from, left, left4);
            right4 = TLanes.MultiplyAdd(from, right, right4);
            from = TLanes.Splat(Unsafe.Add(ref from5, i));
            left5 = TLanes.MultiplyAdd(from, left, left5);
            right5 = TLanes.MultiplyAdd(from, right, right5);
        }

        Add<TLanes, TVector>(ref Unsafe.Add(ref results, (nint)row * Width), left0, right0);
        for (int i = 1; i < rows; i++)
        {
            ref float to = ref Unsafe.Add(ref results, (nint)(row + i) * Width);
            switch (i)
            {
                case 1:
                    Add<TLanes, TVector>(ref to, left1, right1);
                    break;
                case 2:
                    Add<TLanes, TVector>(ref to, left2, right2);
                    break;
                case 3:
                    Add<TLanes, TVector>(ref to, left3, right3);
                    break;
                case 4:
                    Add<TLanes, TVector>(ref to, left4, right4);
                    break;
                default:
                    Add<TLanes, TVector>(ref to, left5, right5);
                    break;
            }
        }
    }

    // One row alone: the latency of a sum is hidden by four of them at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Single<TLanes, TVector>(ref float vector, ref float weights, ref float result)
        where TLanes : ILanes<TVector>
    {
        TVector zero = TLanes.Splat(0);
        TVector left0 = zero, left1 = zero, left2 = zero, left3 = zero;
        TVector right0 = zero, right1 = zero, right2 = zero, right3 = zero;
        nint panel = TileRegisters * TLanes.Count;
        nint i = 0;
        for (; i + 3 < Rows; i += 4)
        {
            ref float at = ref Unsafe.Add(ref weights, i * panel);
            TVector from = TLanes.Splat(Unsafe.Add(ref vector, i));
            left0 = TLanes.MultiplyAdd(from, TLanes.Load(ref at, 0), left0);
            right0 = TLanes.MultiplyAdd(from, TLanes.Load(ref at, TLanes.Count), right0);
            from = TLanes.Splat(Unsafe.Add(ref vector, i + 1));
            left1 = TLanes.MultiplyAdd(from, TLanes.Load(ref at, panel), left1);
            right1 = TLanes.MultiplyAdd(from, TLanes.Load(ref at, panel + TLanes.Count), right1);
            from = TLanes.Splat(Unsafe.Add(ref vector, i + 2));
            left2 = TLanes.MultiplyAdd(from, TLanes.Load(ref at, 2 * panel), left2);
            right2 = TLanes.MultiplyAdd(from, TLanes.Load(ref at, (2 * panel) + TLanes.Count), right2);
            from = TLanes.Splat(Unsafe.Add(ref vector, i + 3));
            left3 = TLanes.MultiplyAdd(from, TLanes.Load(ref at, 3 * panel), left3);
            right3 = TLanes.MultiplyAdd(from, TLanes.Load(ref at, (3 * panel) + TLanes.Count), right3);
        }

        for (; i < Rows; i++)
        {
            TVector from = TLanes.Splat(Unsafe.Add(ref vector, i));
            left0 = TLanes.MultiplyAdd(from, TLanes.Load(ref weights, i * panel), left0);
            right0 = TLanes.MultiplyAdd(from, TLanes.Load(ref weights, (i * panel) + TLanes.Count), right0);
        }

        Add<TLanes, TVector>(ref result, left0, right0);
        Add<TLanes, TVector>(ref result, left1, right1);
        Add<TLanes, TVector>(ref result, left2, right2);
        Add<TLanes, TVector>(ref result, left3, right3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes, TVector>(ref float to, TVector left, TVector right)
        where TLanes : ILanes<TVector>
    {
        TVector one = TLanes.Splat(1);
        TLanes.Store(TLanes.MultiplyAdd(one, left, TLanes.Load(ref to, 0)), ref to, 0);
        TLanes.Store(TLanes.MultiplyAdd(one, right, TLanes.Load(ref to, TLanes.Count)), ref to, TLanes.Count);
    }
}
