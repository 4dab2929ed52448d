using System.Text.Json;
using SemCache.Core;

namespace SemCache.Cli.Evaluation.Running;

/// <summary>Names the stage that decided a lookup.</summary>
internal static class DecidedBy
{
    public const string Exact = "exact";
    public const string Threshold = "threshold";
    public const string Verifier = "verifier";

    /// <summary>Served without being verified, for it was near enough.</summary>
    public const string Certain = "certain";

    public const string GuardPrefix = "guard ";

    /// <summary>The stage that decides a lookup when the bar is at an operating point.</summary>
    /// <param name="record">A lookup that was run at that bar or a lower one.</param>
    /// <param name="point">The operating point.</param>
    /// <param name="verifies">Whether the verifier decides under its policy.</param>
    public static string Stage(LookupRecord record, OperatingPoint point, bool verifies)
    {
        if (record.Score >= point.Score)
        {
            return record.Outcome == LookupOutcome.ExactHit ? Exact
                : !verifies ? Threshold
                : record.Probability is null ? Certain
                : Verifier;
        }

        if (record.Reason is MissReason.OverWindow or MissReason.UnknownWord or MissReason.VerifierUnavailable)
        {
            return JsonNamingPolicy.SnakeCaseLower.ConvertName(record.Reason.ToString());
        }

        if (record.Nearest is not [var nearest, ..])
        {
            return "no_candidate";
        }

        return nearest.Report.Similarity < point.Threshold ? Threshold
            : nearest.Report.Guard is { } guard ? GuardPrefix + guard.Name
            : verifies ? Verifier
            : Threshold;
    }
}
