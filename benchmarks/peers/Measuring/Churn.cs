namespace SemCache.Peers.Measuring;

/// <summary>Which rows go and come when half the entries of an index are replaced, again and again.</summary>
/// <remarks>
/// What comes in was not in the index when the step began: at first rows that were never in it, later also ones that went
/// in an earlier step.
/// </remarks>
internal sealed class Churn
{
    private readonly List<(int[] Removed, int[] Added)> _steps = [];

    /// <summary>Plans a churn.</summary>
    /// <param name="rows">All rows there are.</param>
    /// <param name="entries">Rows in the index at any time; two thirds of all at most.</param>
    /// <param name="steps">How often half of them are replaced.</param>
    /// <param name="seed">Chooses them.</param>
    public Churn(int rows, int entries, int steps, int seed)
    {
        var random = new Random(seed);
        int half = entries / 2;
        int[] present = [.. Enumerable.Range(0, entries)];
        int[] absent = [.. Enumerable.Range(entries, rows - entries)];
        Start = [.. present];
        for (int step = 0; step < steps; step++)
        {
            random.Shuffle(present);
            random.Shuffle(absent);
            _steps.Add((present[..half], absent[..half]));
            for (int i = 0; i < half; i++)
            {
                (present[i], absent[i]) = (absent[i], present[i]);
            }
        }

        // A new index would not get them in an order that tells when they came.
        random.Shuffle(present);
        End = present;
    }

    /// <summary>Rows before the first step.</summary>
    public int[] Start { get; }

    /// <summary>Rows after the last step.</summary>
    public int[] End { get; }

    /// <summary>What goes and comes in each step.</summary>
    public IReadOnlyList<(int[] Removed, int[] Added)> Steps => _steps;
}
