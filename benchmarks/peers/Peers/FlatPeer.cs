using SemCache.Core.Indexing;
using SemCache.Peers.Data;

namespace SemCache.Peers.Peers;

/// <summary>Our exact scan.</summary>
internal sealed class FlatPeer(DataSet data) : IndexPeer(data)
{
    public override string Name => PeerNames.Flat;

    public override string Remarks =>
        "our exact scan, in process; no links; bytes: the index's own count, everything but the entries";

    public override bool HasEf => false;

    protected override int FlatEntries => int.MaxValue;

    protected override int Search(VectorIndex index, ReadOnlySpan<float> query, int ef, Span<ScoredEntry> nearest) =>
        index.Scan(query, nearest);
}
