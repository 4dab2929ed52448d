using SemCache.Cli.Evaluation.Running;
using SemCache.Core;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>Picks the lookups that are worth reading.</summary>
/// <param name="run">The run that they come from.</param>
/// <param name="count">How many of each list.</param>
internal sealed class Examples(PolicyRun run, int count)
{
    public ExampleLists Pick() => new(WrongHits(), Misses(), Stopped(), RightHits());

    private Example[] WrongHits() => [.. run.Records
        .Where(record => IsHit(record) && !record.Right)
        .OrderByDescending(record => record.Score).ThenByDescending(record => record.Similarity)
        .Take(count)
        .Select(record => Of(record, record.Served!, record.Similarity, record.Probability))];

    private Example[] RightHits() => [.. run.Records
        .Where(record => IsHit(record) && record.Right && record.Outcome == LookupOutcome.SemanticHit)
        .OrderBy(record => record.Similarity)
        .Take(count)
        .Select(record => Of(record, record.Served!, record.Similarity, record.Probability))];

    // Without a score it is missed whatever the bar, which is worst; but of a prompt that was not compared there is
    // little to be read.
    private Example[] Misses() => [.. run.Records
        .Where(record => !IsHit(record) && record.Possible)
        .OrderBy(record => record.Similarity is null)
        .ThenBy(record => double.IsNaN(record.Score) ? double.NegativeInfinity : record.Score)
        .ThenBy(record => record.Similarity)
        .Take(count)
        .Select(record => record.Nearest.FirstOrDefault(entry => entry.Right) is { } right
            ? Of(record, right.Text, right.Report.Similarity, right.Report.Probability, Finding(right.Report.Guard))
            : Of(record, "", record.Similarity, record.Probability, "no right entry among the nearest"))];

    private Example[] Stopped() => [.. run.Records
        .Where(record => !IsHit(record))
        .SelectMany(record => record.Nearest.Take(1), (record, entry) => (record, entry))
        .Where(stopped => stopped.entry.Report.Guard is not null
            && stopped.entry.Report.Similarity >= run.Point.Threshold)
        .OrderByDescending(stopped => stopped.entry.Report.Similarity)
        .Take(count)
        .Select(stopped => Of(
            stopped.record, stopped.entry.Text, stopped.entry.Report.Similarity, null,
            $"{Finding(stopped.entry.Report.Guard)}; would have been {(stopped.entry.Right ? "right" : "wrong")}"))];

    private bool IsHit(LookupRecord record) => record.Score >= run.Point.Score;

    private Example Of(
        LookupRecord record, string entry, double? similarity, double? probability, string detail = "") => new(
            record.Asked, entry, record.ClassName, similarity, probability,
            DecidedBy.Stage(record, run.Point, run.Verifies), detail);

    private static string Finding(GuardReport? guard) =>
        guard is null ? "" : $"{guard.Name}: '{guard.Asked}' against '{guard.Stored}'";
}
