using SemCache.Core.Indexing;
using SemCache.IndexBench.Indexes;
using SemCache.Peers.Data;
using SemCache.Peers.Peers;

namespace SemCache.IndexBench.Micro;

/// <summary>
/// An index of the micro-benchmarks with the queries that it is asked. Made once and kept until the process ends.
/// </summary>
internal sealed class MicroIndex
{
    /// <summary>Category of the benchmarks that must not allocate.</summary>
    public const string SearchCategory = "search";

    // The shipped model's.
    private const int Dimension = 256;

    private const int QueryCount = 2_048;
    private const int Seed = 1;

    private static readonly Dictionary<(int Entries, bool IsGraph), MicroIndex> _made = [];

    private readonly ScoredEntry[] _nearest = new ScoredEntry[1];
    private readonly DataSet _data;
    private int _asked;

    private MicroIndex(int entries, bool isGraph)
    {
        _data = SyntheticData.Generate(entries, Dimension, QueryCount, Seed);
        var exact = new ExactVectorFile(_data.Vectors);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => exact.Dispose();
        Rows = new RowIndex(_data.Vectors, exact, isGraph ? 0 : int.MaxValue);
        Rows.Fill(entries, Environment.ProcessorCount);
    }

    public RowIndex Rows { get; }

    /// <summary>The index of so many entries, with or without a graph. One thread at a time.</summary>
    public static MicroIndex Of(int entries, bool isGraph) =>
        _made.TryGetValue((entries, isGraph), out MicroIndex? made)
            ? made
            : _made[(entries, isGraph)] = new MicroIndex(entries, isGraph);

    /// <summary>Asks for a point that is none of the entries; the next one at the next call.</summary>
    public int AskFresh(float threshold) => Ask(_data.Queries.Row(_asked++ % (QueryCount / 2)), threshold);

    /// <summary>Asks for an entry's vector with a little noise; the next one at the next call.</summary>
    public int AskStored(float threshold) =>
        Ask(_data.Queries.Row((QueryCount / 2) + (_asked++ % (QueryCount / 2))), threshold);

    private int Ask(ReadOnlySpan<float> query, float threshold) => Rows.Index.Search(query, threshold, _nearest);
}
