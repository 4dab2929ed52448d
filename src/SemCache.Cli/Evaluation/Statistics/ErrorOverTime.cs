namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>Wrong hits as a share of the lookups so far.</summary>
/// <param name="Lookups">Lookups so far.</param>
/// <param name="ErrorRate">Wrong hits among them, 0…1.</param>
/// <param name="HitRate">Hits among them, 0…1.</param>
internal readonly record struct ErrorSoFar(int Lookups, double ErrorRate, double HitRate);

/// <summary>How the error rate develops while a cache fills.</summary>
internal static class ErrorOverTime
{
    /// <param name="lookups">In the order in which they were made.</param>
    /// <param name="point">The threshold.</param>
    /// <param name="points">About how many points to keep, evenly spread; the last lookup is always one.</param>
    public static IReadOnlyList<ErrorSoFar> Of(IReadOnlyList<Observation> lookups, double point, int points)
    {
        var step = Math.Max(1, lookups.Count / points);
        List<ErrorSoFar> course = [];
        var (hits, wrong) = (0, 0);
        for (var i = 0; i < lookups.Count; i++)
        {
            var hit = lookups[i].Score >= point;
            hits += hit ? 1 : 0;
            wrong += hit && !lookups[i].Right ? 1 : 0;
            if ((i + 1) % step == 0 || i + 1 == lookups.Count)
            {
                course.Add(new ErrorSoFar(i + 1, (double)wrong / (i + 1), (double)hits / (i + 1)));
            }
        }

        return course;
    }
}
