using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using SemCache.Core.Indexing.Vectors;
using SemCache.Peers.Data;

namespace SemCache.IndexBench.Micro;

/// <summary>
/// What one comparison takes, both vectors in the nearest cache: every kernel that this processor has, next to the dot
/// product of the same vectors in float32.
/// </summary>
[Config(typeof(Available))]
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private float[] _left = [];
    private float[] _right = [];
    private byte[] _row = [];
    private sbyte[] _query = [];

    [Params(256, 384, 1024)]
    public int Dimension { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new NormalSource(Dimension);
        _left = new float[Dimension];
        _right = new float[Dimension];
        random.Fill(_left, 1);
        random.Fill(_right, 1);
        _row = new byte[DotKernel.Stride(Dimension)];
        _query = new sbyte[DotKernel.Stride(Dimension)];
        Quantizer.ToRow(_left, _row);
        Quantizer.ToQuery(_right, _query);
    }

    [Benchmark(Baseline = true)]
    public float Float32() => TensorPrimitives.Dot<float>(_left, _right);

    [Benchmark]
    public int AvxVnni256() => DotKernel.DotVnni(ref Row, ref Query, _row.Length);

    [Benchmark]
    public int Avx512() => DotKernel.Dot512(ref Row, ref Query, _row.Length);

    [Benchmark]
    public int Avx2x256() => DotKernel.Dot256(ref Row, ref Query, _row.Length);

    [Benchmark]
    public int ArmDp() => DotKernel.DotArm(ref Row, ref Query, _row.Length);

    [Benchmark]
    public int Any128() => DotKernel.Dot128(ref Row, ref Query, _row.Length);

    [Benchmark]
    public int Scalar() => DotKernel.DotScalar(ref Row, ref Query, _row.Length);

    private ref byte Row => ref MemoryMarshal.GetArrayDataReference(_row);

    private ref sbyte Query => ref MemoryMarshal.GetArrayDataReference(_query);

    private sealed class Available : ManualConfig
    {
        public Available() => AddFilter(new SimpleFilter(benchmark => IsSupported(benchmark.Descriptor.WorkloadMethod.Name)));

        private static bool IsSupported(string kernel) => kernel switch
        {
            nameof(AvxVnni256) => AvxVnni.IsSupported,
            nameof(Avx512) => Avx512BW.IsSupported,
            nameof(Avx2x256) => Avx2.IsSupported,
            nameof(ArmDp) => Dp.IsSupported,
            nameof(Any128) => Vector128.IsHardwareAccelerated,
            _ => true,
        };
    }
}
