using SemCache.Core.Indexing;
using SemCache.Peers.Data;

namespace SemCache.Peers.Peers;

/// <summary>Our index as the server has it: a graph over quantised vectors, exact ones read back from a file.</summary>
internal sealed class OursPeer(DataSet data) : IndexPeer(data)
{
    public override string Name => PeerNames.Ours;

    public override string Remarks =>
        "our index, in process; the vectors found are read back from a file, as the server reads them from its log, and "
        + "scored again; bytes: quantised vectors, links, nodes and references to entries";

    public override bool HasEf => true;

    protected override int FlatEntries => 0;

    protected override int Search(VectorIndex index, ReadOnlySpan<float> query, int ef, Span<ScoredEntry> nearest) =>
        index.Search(query, -1, ef, nearest);
}
