using SemCache.Core.Indexing;
using SemCache.Peers.Data;

namespace SemCache.Peers.Peers;

/// <summary>Our exact scan.</summary>
internal sealed class FlatPeer(DataSet data) : IndexPeer<FlatIndex>(data)
{
    public override string Name => PeerNames.Flat;

    public override string Remarks =>
        "our exact scan, in process; no links; bytes: the index's own count, everything but the entries";

    public override bool HasEf => false;

    protected override FlatIndex Create(int entries) => new(Data.Vectors.Dimension);

    protected override void Settle(FlatIndex index, int threads, CancellationToken cancellation)
    {
        // An exact scan leaves nothing for later.
    }

    protected override int Search(FlatIndex index, ReadOnlySpan<float> query, int ef, Span<ScoredEntry> nearest) =>
        index.Search(query, nearest);

    protected override PeerBytes BytesOf(FlatIndex index) => new(index.Bytes, index.Bytes);
}
