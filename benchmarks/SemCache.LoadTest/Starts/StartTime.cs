using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Starts;

/// <summary>How soon one publication answers.</summary>
/// <param name="Folder">Where it is published.</param>
/// <param name="Seconds">From the start of the process to the first answered lookup.</param>
/// <param name="Ratio">The same relative to the first publication, within the rounds.</param>
internal sealed record StartTime(string Folder, Spread Seconds, Spread Ratio)
{
    private static readonly string[] _columns = ["published", "s", "ratio"];

    /// <summary>Of what was measured in each round.</summary>
    public static StartTime Of(string folder, IReadOnlyList<double> seconds, IReadOnlyList<double> ofFirst) =>
        new(folder, Spread.Of(seconds), Spread.Of(seconds.Zip(ofFirst, (own, first) => own / first)));

    public static void Print(IEnumerable<StartTime> times) => Report.Print(
        "Seconds to the first answered lookup",
        _columns,
        times.Select(time => (string[])[time.Folder, time.Seconds.ToString("N3"), time.Ratio.ToString("N2")]));
}
