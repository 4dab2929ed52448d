namespace SemCache.Cli.Evaluation.Running;

/// <summary>All lookups of one setting.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Point">Where it is read.</param>
/// <param name="Verifies">Whether the verifier decides.</param>
/// <param name="Records">The lookups in the order in which they were made.</param>
internal sealed record PolicyRun(
    Setting Setting, OperatingPoint Point, bool Verifies, IReadOnlyList<LookupRecord> Records);

/// <summary>The runs of one data set with one model.</summary>
/// <param name="Runs">One a setting.</param>
/// <param name="Elapsed">How long they took, side by side.</param>
internal sealed record SetRun(IReadOnlyList<PolicyRun> Runs, TimeSpan Elapsed)
{
    public double LookupsPerSecond => Runs.Sum(run => (double)run.Records.Count) / Elapsed.TotalSeconds;
}
