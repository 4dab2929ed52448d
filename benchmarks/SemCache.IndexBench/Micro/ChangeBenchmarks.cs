using BenchmarkDotNet.Attributes;
using SemCache.IndexBench.Indexes;

namespace SemCache.IndexBench.Micro;

/// <summary>
/// What it takes on one thread to insert an entry into a graph and to remove one, the work of maintenance included. The graph
/// has as many entries before each iteration.
/// </summary>
[MemoryDiagnoser]
public class ChangeBenchmarks
{
    private const int Entries = 20_000;
    private const int Changed = 1_000;

    private RowIndex? _rows;

    [GlobalSetup]
    public void Setup() => _rows = MicroIndex.Of(Entries, isGraph: true).Rows;

    [IterationSetup(Target = nameof(Remove))]
    public void Extend() => InsertRows();

    [IterationCleanup(Target = nameof(Insert))]
    public void Restore() => RemoveRows();

    [Benchmark(OperationsPerInvoke = Changed)]
    public void Insert() => InsertRows();

    [Benchmark(OperationsPerInvoke = Changed)]
    public void Remove() => RemoveRows();

    private void InsertRows()
    {
        for (int row = Entries; row < Entries + Changed; row++)
        {
            _rows!.Add(row);
        }

        _rows!.Settle(threads: 1);
    }

    private void RemoveRows()
    {
        for (int row = Entries; row < Entries + Changed; row++)
        {
            _rows!.Remove(row);
        }

        _rows!.Settle(threads: 1);
    }
}
