using SemCache.Cli.Output;

namespace SemCache.Cli.Transfer;

/// <summary>What an import did, for people and for programs.</summary>
internal sealed record ImportSummary(
    long Stored, long NotAdmitted, long Expired, long Bad, long AlreadyDone, double Seconds, long EntriesPerMinute,
    IReadOnlyList<ImportWarning> Warnings)
{
    public static ImportSummary Create(
        ImportFigures figures, long alreadyDone, TimeSpan elapsed, IReadOnlyList<ImportWarning> warnings) => new(
        figures.Stored, figures.NotAdmitted, figures.Expired, figures.Bad, alreadyDone,
        Math.Round(elapsed.TotalSeconds, 3), Rate.PerMinute(figures.Stored, elapsed), warnings);

    public override string ToString()
    {
        var sentence = $"Imported {Humanized.Count(Stored, "entry", "entries")} in "
            + $"{Humanized.Time(TimeSpan.FromSeconds(Seconds))} ({Humanized.Count(EntriesPerMinute)}/min).";
        List<string> others = [];
        void Add(long count, string what)
        {
            if (count > 0)
            {
                others.Add($"{Humanized.Count(count)} {what}");
            }
        }

        Add(Bad, "bad");
        Add(NotAdmitted, "not admitted");
        Add(Expired, "expired");
        Add(AlreadyDone, "done by an earlier run");
        return others.Count == 0 ? sentence : $"{sentence} Other lines: {string.Join(", ", others)}.";
    }
}

/// <summary>A line that was not stored, and why.</summary>
internal sealed record ImportWarning(long Line, string Message);
