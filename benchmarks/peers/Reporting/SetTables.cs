using SemCache.Peers.Measuring;
using SemCache.Peers.Peers;
using static SemCache.Peers.Reporting.MarkdownTable;

namespace SemCache.Peers.Reporting;

/// <summary>The tables of one data set.</summary>
internal static class SetTables
{
    private const string Ratio = "× hnswlib";

    /// <summary>Build times and memory of fresh indexes.</summary>
    public static MarkdownTable Builds(DataSetFigures set)
    {
        var table = new MarkdownTable(
            1, "peer", "entries", "build s, one core", Ratio, "build s, all cores", Ratio,
            "bytes an entry, vector + links", Ratio, "bytes an entry, all");
        foreach (PeerFigures peer in set.Peers.Where(peer => peer.Fresh is not null))
        {
            StateFigures fresh = peer.Fresh!;
            PeerFigures? other = Reference(set, fresh.Entries, figures => figures.Fresh);
            table.Add(
                peer.Name,
                Number(fresh.Entries),
                Number(peer.BuildOneCore.Median, 2),
                Number(other is null ? null : peer.BuildOneCore.RatioTo(other.BuildOneCore), 2),
                Number(peer.BuildAllCores.Median, 2),
                Number(other is null ? null : peer.BuildAllCores.RatioTo(other.BuildAllCores), 2),
                Number(fresh.Bytes?.VectorsAndLinks / fresh.Entries),
                Number(fresh.Bytes?.VectorsAndLinks / other?.Fresh?.Bytes?.VectorsAndLinks, 2),
                Number(fresh.Bytes?.All / fresh.Entries));
        }

        return table;
    }

    /// <summary>Each peer at the smallest ef that reaches a recall, fresh and after churn.</summary>
    public static MarkdownTable AtRecall(DataSetFigures set, int k, double recall)
    {
        var table = new MarkdownTable(
            2, "peer", "state", "entries", "ef", $"recall@{k}", "queries/s, one core", Ratio, "queries/s, all cores", Ratio);
        AddState("fresh", figures => figures.Fresh);
        AddState("after churn", figures => figures.Churned);
        return table;

        void AddState(string name, Func<PeerFigures, StateFigures?> stateOf)
        {
            foreach (PeerFigures peer in set.Peers)
            {
                if (stateOf(peer) is { } state)
                {
                    SweepPoint? point = state.Cheapest(k, recall);
                    PeerFigures? other = Reference(set, state.Entries, stateOf);
                    SweepPoint? its = other is null ? null : stateOf(other)?.Cheapest(k, recall);
                    table.Add(
                        peer.Name, name, Number(state.Entries), Ef(point), Number(point?.Recall, 4),
                        Number(point?.OneCore.Median),
                        Number(its is null ? null : point?.OneCore.RatioTo(its.OneCore), 2),
                        Number(point?.AllCores.Median),
                        Number(its is null ? null : point?.AllCores.RatioTo(its.AllCores), 2));
                }
            }
        }
    }

    /// <summary>What replacing costs, and what it leaves in memory.</summary>
    public static MarkdownTable Churn(DataSetFigures set)
    {
        var table = new MarkdownTable(
            1, "peer", "entries", "ms a replaced entry", Ratio, "bytes an entry, all", "anew");
        foreach (PeerFigures peer in set.Peers.Where(peer => peer.Churned is not null))
        {
            StateFigures churned = peer.Churned!;
            PeerFigures? other = Reference(set, churned.Entries, figures => figures.Churned);
            table.Add(
                peer.Name, Number(churned.Entries), Number(1e3 * peer.Replace.Median, 3),
                Number(other is null ? null : peer.Replace.RatioTo(other.Replace), 2),
                Number(churned.Bytes?.All / churned.Entries),
                Number(peer.Rebuilt?.Bytes?.All / peer.Rebuilt?.Entries));
        }

        return table;
    }

    /// <summary>Recall and speed after churn, next to those of an index built anew.</summary>
    public static MarkdownTable ChurnRecall(DataSetFigures set)
    {
        var table = new MarkdownTable(
            1, "peer", "k", "ef", "recall@k", "anew", "difference", "queries/s, one core", "anew");
        foreach (PeerFigures peer in set.Peers)
        {
            foreach ((SweepPoint after, SweepPoint anew) in
                (peer.Churned?.Points ?? []).Zip(peer.Rebuilt?.Points ?? []))
            {
                table.Add(
                    peer.Name, $"{after.K}", Ef(after), Number(after.Recall, 4), Number(anew.Recall, 4),
                    Number(after.Recall - anew.Recall, 4), Number(after.OneCore.Median), Number(anew.OneCore.Median));
            }
        }

        return table;
    }

    /// <summary>Every point of the fresh indexes.</summary>
    public static MarkdownTable Sweep(DataSetFigures set)
    {
        var table = new MarkdownTable(
            1, "peer", "entries", "k", "ef", "recall@1", "recall@10", "queries/s, one core", "queries/s, all cores");
        foreach (PeerFigures peer in set.Peers)
        {
            foreach (SweepPoint point in peer.Fresh?.Points ?? [])
            {
                table.Add(
                    peer.Name, Number(peer.Fresh!.Entries), $"{point.K}", Ef(point),
                    Number(point.RecallAt1.Median, 4), Number(point.RecallAt10.Median, 4),
                    Number(point.OneCore.Median), Number(point.AllCores.Median));
            }
        }

        return table;
    }

    // hnswlib, if it held as many entries: a ratio across sizes would say nothing.
    private static PeerFigures? Reference(DataSetFigures set, int entries, Func<PeerFigures, StateFigures?> stateOf) =>
        set.Peers.FirstOrDefault(peer => peer.Name == PeerNames.Hnswlib && stateOf(peer)?.Entries == entries);

    private static string? Ef(SweepPoint? point) => point is { Ef: > 0 and int ef } ? $"{ef}" : null;
}
