using SemCache.Cli.Output;

namespace SemCache.Cli.Transfer;

/// <summary>What an export did, for people and for programs.</summary>
internal sealed record ExportSummary(long Exported, string? ContinuedAfter, double Seconds, long EntriesPerMinute)
{
    public static ExportSummary Create(long exported, string? continuedAfter, TimeSpan elapsed) => new(
        exported, continuedAfter, Math.Round(elapsed.TotalSeconds, 3), Rate.PerMinute(exported, elapsed));

    public override string ToString() =>
        $"Exported {Humanized.Count(Exported, "entry", "entries")} in {Humanized.Time(TimeSpan.FromSeconds(Seconds))} "
        + $"({Humanized.Count(EntriesPerMinute)}/min)."
        + (ContinuedAfter is null ? "" : $" Continued after entry {ContinuedAfter}.");
}
