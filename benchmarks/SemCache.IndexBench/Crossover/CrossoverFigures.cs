using SemCache.Peers.Measuring;

namespace SemCache.IndexBench.Crossover;

/// <summary>Scan and graph with so many entries; mean microseconds of a search, one figure a round.</summary>
internal sealed record SizeFigures(int Entries, Samples Scan, Samples Graph)
{
    /// <summary>Median over the rounds of the scan's time divided by the graph's; above 1 the graph wins.</summary>
    public double ScanToGraph => Scan.RatioTo(Graph)!.Value;
}

/// <summary>Scan and graph by number of entries.</summary>
/// <param name="Dimension">Components of a vector.</param>
/// <param name="Ef">Candidates that a search of the graph keeps.</param>
/// <param name="Sizes">Ascending.</param>
internal sealed record CrossoverFigures(int Dimension, int Ef, IReadOnlyList<SizeFigures> Sizes)
{
    /// <summary>
    /// Entries from which on the graph wins, between the last size at which the scan does and the next, in proportion of the
    /// logarithms; null when the graph wins at the first size already, or not at the last.
    /// </summary>
    public double? GraphWinsFrom
    {
        get
        {
            int last = Sizes.Count - 1;
            while (last >= 0 && Sizes[last].ScanToGraph > 1)
            {
                last--;
            }

            if (last < 0 || last == Sizes.Count - 1)
            {
                return null;
            }

            (SizeFigures below, SizeFigures above) = (Sizes[last], Sizes[last + 1]);
            double share = Math.Log(1 / below.ScanToGraph) / Math.Log(above.ScanToGraph / below.ScanToGraph);
            return below.Entries * Math.Pow((double)above.Entries / below.Entries, share);
        }
    }
}
