using System.Globalization;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Quality;

/// <summary>How often lookups at one threshold hit, and how often what they were served was right.</summary>
internal sealed class QualityFigures(double threshold)
{
    public double Threshold { get; } = threshold;

    public int Lookups { get; private set; }

    public int ExactHits { get; private set; }

    public int SemanticHits { get; private set; }

    public int RightHits { get; private set; }

    public int WrongHits => ExactHits + SemanticHits - RightHits;

    public double HitRate => Share(ExactHits + SemanticHits, Lookups);

    /// <summary>The share of the hits that are right.</summary>
    public double Precision => Share(RightHits, ExactHits + SemanticHits);

    /// <summary>The share of all lookups that got a wrong answer: what a caller suffers from.</summary>
    public double ErrorRate => Share(WrongHits, Lookups);

    /// <summary>The response to store under a question of this class, so that a hit shows whose answer it is.</summary>
    public static string ResponseOf(int questionClass) => questionClass.ToString(CultureInfo.InvariantCulture);

    /// <summary>Counts the answer to a question of this class.</summary>
    public void Count(LookupResponse answer, int questionClass)
    {
        Lookups++;
        if (!answer.IsHit())
        {
            return;
        }

        if (answer.Outcome == Outcome.ExactHit)
        {
            ExactHits++;
        }
        else
        {
            SemanticHits++;
        }

        if (answer.Response.Text == ResponseOf(questionClass))
        {
            RightHits++;
        }
    }

    /// <summary>Prints one line a threshold.</summary>
    public static void Print(string title, IEnumerable<QualityFigures> all) => Report.Print(
        title,
        ["threshold", "lookups", "hit rate", "exact", "semantic", "right", "wrong", "precision", "error rate"],
        all.Select(f => (string[])
        [
            Report.Number(f.Threshold, "0.00#"), Report.Number(f.Lookups), Report.Percent(f.HitRate),
            Report.Number(f.ExactHits), Report.Number(f.SemanticHits), Report.Number(f.RightHits),
            Report.Number(f.WrongHits), Report.Percent(f.Precision), Report.Percent(f.ErrorRate),
        ]));

    // Without a hit there is no wrong one, but no right one either: 0 is the value that misleads nobody.
    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
