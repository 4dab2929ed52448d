using BenchmarkDotNet.Attributes;

namespace SemCache.IndexBench.Micro;

/// <summary>
/// What a search of a graph takes at the default breadth: for the nearest whatever it is, for one that is there, and for one
/// above a threshold that none reaches.
/// </summary>
[BenchmarkCategory(MicroIndex.SearchCategory)]
[MemoryDiagnoser]
public class GraphBenchmarks
{
    // Stored points with noise reach it, other points of their clusters do not.
    private const float Threshold = 0.9f;

    private MicroIndex? _index;

    [Params(16_000, 100_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup() => _index = MicroIndex.Of(Entries, isGraph: true);

    [Benchmark(Baseline = true)]
    public int Nearest() => _index!.AskFresh(threshold: -1);

    [Benchmark]
    public int Hit() => _index!.AskStored(Threshold);

    [Benchmark]
    public int Miss() => _index!.AskFresh(Threshold);
}
