using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Evaluation.Calibration;

/// <summary>What a bar does to a part of the data.</summary>
/// <param name="Lookups">Lookups in the part.</param>
/// <param name="Judged">
/// How many lookups the part is worth: all of them when every hit is judged, else as many as the judged share of the
/// hits. Judged hits are taken to be like the others.
/// </param>
/// <param name="Hits">Lookups that reach the bar.</param>
/// <param name="Wrong">Those of them that are known to be wrong.</param>
/// <param name="ErrorRate">Wrong hits / judged lookups, 0…1; NaN when nothing is judged.</param>
/// <param name="AtLeast">The error rate that the true one does not fall below, with the confidence asked for.</param>
/// <param name="AtMost">The error rate that the true one does not exceed, with the confidence asked for.</param>
internal sealed record PartFigures(
    int Lookups, int Judged, int Hits, int Wrong, double ErrorRate, double AtLeast, double AtMost)
{
    public static PartFigures Of(IReadOnlyList<JudgedLookup> part, double bar, double confidence)
    {
        var judged = WorthOf(part);
        var hits = part.Where(lookup => lookup.Score >= bar).ToArray();
        var wrong = hits.Count(lookup => lookup.Right == false);
        return new PartFigures(
            part.Count, judged, hits.Length, wrong,
            judged == 0 ? double.NaN : (double)wrong / judged,
            BinomialBound.Lower(wrong, judged, confidence),
            BinomialBound.Upper(wrong, judged, confidence));
    }

    /// <summary>How many lookups a part is worth; see <see cref="Judged"/>.</summary>
    public static int WorthOf(IReadOnlyList<JudgedLookup> part)
    {
        var hits = part.Count(lookup => !double.IsNaN(lookup.Score));
        var judged = part.Count(lookup => !double.IsNaN(lookup.Score) && lookup.Right is not null);
        return hits == 0 ? part.Count : (int)((long)part.Count * judged / hits);
    }
}
