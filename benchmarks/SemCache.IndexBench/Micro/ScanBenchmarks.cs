using BenchmarkDotNet.Attributes;

namespace SemCache.IndexBench.Micro;

/// <summary>What a search takes that compares with all entries and scores the nearest again.</summary>
[BenchmarkCategory(MicroIndex.SearchCategory)]
[MemoryDiagnoser]
public class ScanBenchmarks
{
    private MicroIndex? _index;

    [Params(1_000, 4_000, 16_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup() => _index = MicroIndex.Of(Entries, isGraph: false);

    [Benchmark]
    public int Scan() => _index!.AskFresh(threshold: -1);
}
