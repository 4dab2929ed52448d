using SemCache.Peers.Measuring;
using SemCache.Peers.Peers;

namespace SemCache.Peers.Reporting;

/// <summary>A figure of ours divided by the same figure of hnswlib, and what it should be.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Goal">The goal.</param>
/// <param name="AtLeast">Whether more is better.</param>
/// <param name="Ratio">What was measured; null when one side was not.</param>
/// <param name="How">The two points that were compared.</param>
internal sealed record Target(string What, double Goal, bool AtLeast, double? Ratio, string How)
{
    /// <summary>The recalls at which searches are compared.</summary>
    public static IReadOnlyList<(int K, double Recall)> Recalls { get; } = [(1, 0.99), (10, 0.95)];

    /// <summary>Whether the goal is reached; null when nothing was measured.</summary>
    public bool? IsMet => Ratio is { } ratio ? AtLeast ? ratio >= Goal : ratio <= Goal : null;

    /// <summary>The targets that a data set's figures can tell of.</summary>
    public static IEnumerable<Target> Of(DataSetFigures set)
    {
        PeerFigures? ours = set.Peers.FirstOrDefault(peer => peer.Name == PeerNames.Ours);
        PeerFigures? theirs = set.Peers.FirstOrDefault(peer => peer.Name == PeerNames.Hnswlib);
        yield return Search(ours, theirs, Recalls[0], goal: 2.0);
        yield return Search(ours, theirs, Recalls[1], goal: 1.5);
        yield return new Target(
            "build seconds, one core", 0.6, AtLeast: false,
            theirs is null ? null : ours?.BuildOneCore.RatioTo(theirs.BuildOneCore), "median of the rounds");
        yield return new Target(
            "bytes an entry, vector and links", 0.45, AtLeast: false,
            PerEntry(ours?.Fresh) / PerEntry(theirs?.Fresh), "fresh");
    }

    private static Target Search(
        PeerFigures? ours, PeerFigures? theirs, (int K, double Recall) at, double goal)
    {
        SweepPoint? mine = ours?.Fresh?.Cheapest(at.K, at.Recall);
        SweepPoint? its = theirs?.Fresh?.Cheapest(at.K, at.Recall);
        return new Target(
            FormattableString.Invariant($"queries/s, one core, recall@{at.K} ≥ {at.Recall:0.00}"),
            goal,
            AtLeast: true,
            mine is null || its is null ? null : mine.OneCore.RatioTo(its.OneCore),
            $"{PeerNames.Ours} {PointOf(mine)}, {PeerNames.Hnswlib} {PointOf(its)}");
    }

    private static string PointOf(SweepPoint? point) =>
        point is null ? "does not reach it" : FormattableString.Invariant($"ef {point.Ef} ({point.Recall:0.0000})");

    private static double? PerEntry(StateFigures? state) => state?.Bytes?.VectorsAndLinks / state?.Entries;
}
