using SemCache.Peers.Peers;

namespace SemCache.Peers.Measuring;

/// <summary>One point of a sweep.</summary>
/// <param name="K">How many nearest were asked for.</param>
/// <param name="Ef">Candidates that a search keeps; 0 for an exact scan.</param>
internal sealed record SweepPoint(int K, int Ef)
{
    /// <summary>Share of queries whose nearest came first.</summary>
    public Samples RecallAt1 { get; } = new();

    /// <summary>Share of the ten nearest that was found; empty where fewer were asked for.</summary>
    public Samples RecallAt10 { get; } = new();

    /// <summary>Queries a second on one core.</summary>
    public Samples OneCore { get; } = new();

    /// <summary>Queries a second on all cores.</summary>
    public Samples AllCores { get; } = new();

    /// <summary>The recall that this point is about.</summary>
    public double Recall => (K == 1 ? RecallAt1 : RecallAt10).Median ?? double.NaN;
}

/// <summary>An index in one state: fresh, after churn, or built anew of what the churn left.</summary>
internal sealed class StateFigures
{
    /// <summary>How many entries it held.</summary>
    public required int Entries { get; init; }

    /// <summary>What it held in memory; null when that could not be measured.</summary>
    public PeerBytes? Bytes { get; set; }

    /// <summary>The points of its sweep.</summary>
    public required IReadOnlyList<SweepPoint> Points { get; init; }

    /// <summary>The point with the smallest ef that reaches a recall; null when none does.</summary>
    public SweepPoint? Cheapest(int k, double recall) =>
        Points.Where(point => point.K == k && point.Recall >= recall).MinBy(point => point.Ef);
}

/// <summary>Everything measured of one peer with one data set.</summary>
internal sealed class PeerFigures
{
    public required string Name { get; init; }

    public required string Remarks { get; init; }

    /// <summary>Why it is left out from some point on; null when it is not.</summary>
    public string? Failure { get; set; }

    /// <summary>Seconds of a build on one core.</summary>
    public Samples BuildOneCore { get; } = new();

    /// <summary>Seconds of a build on all cores.</summary>
    public Samples BuildAllCores { get; } = new();

    /// <summary>Seconds for each replaced entry on all cores, one sample for each step of the churn.</summary>
    public Samples Replace { get; } = new();

    public StateFigures? Fresh { get; set; }

    public StateFigures? Churned { get; set; }

    /// <summary>Built of the entries that the churn left: what <see cref="Churned"/> is compared with.</summary>
    public StateFigures? Rebuilt { get; set; }
}

/// <summary>Everything measured with one data set.</summary>
internal sealed record DataSetFigures(
    string Name, string Description, int Dimension, int Queries, IReadOnlyList<PeerFigures> Peers);
