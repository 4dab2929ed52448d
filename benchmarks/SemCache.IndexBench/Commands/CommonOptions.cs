using System.CommandLine;

namespace SemCache.IndexBench.Commands;

/// <summary>Options that several commands share, so that they mean the same in each.</summary>
internal static class CommonOptions
{
    public static Option<int> Dimension() => BenchOptions.Number("--dimension", 256, 32, 4096, "Components of a vector.");

    public static Option<int> Seed() => BenchOptions.Number("--seed", 1, 0, int.MaxValue, "Chooses the vectors.");

    /// <summary>Refuses more generated vectors than a table can hold.</summary>
    /// <exception cref="NotMeasuredException">There are too many.</exception>
    public static void RequireRoom(int entries, int dimension, int queries)
    {
        // Half as many more come in later, and half the queries are generated beside them.
        long most = ((Array.MaxLength / dimension) - (queries / 2)) * 2L / 3;
        if (entries > most)
        {
            throw new NotMeasuredException(
                $"--entries must be at most {Math.Max(0, most)} with {queries} queries and vectors of {dimension} components.");
        }
    }
}
