using SemCache.Cli.Evaluation.Running;
using SemCache.Core;

namespace SemCache.Cli.Tests.Evaluation.Running;

public class DecidedByTests
{
    private static readonly OperatingPoint _point = new(Score: 0.8, Threshold: 0.5);

    [Theory]
    [InlineData("exact", false, LookupOutcome.ExactHit, 1, null)]
    [InlineData("threshold", false, LookupOutcome.SemanticHit, 0.9, null)]
    [InlineData("threshold", false, LookupOutcome.SemanticHit, 0.7, null)]
    [InlineData("verifier", true, LookupOutcome.SemanticHit, 0.9, 0.9)]
    [InlineData("certain", true, LookupOutcome.SemanticHit, 1, null)]
    [InlineData("verifier", true, LookupOutcome.SemanticHit, 0.7, 0.7)]
    public void Stage_OfAServedLookup_IsWhatHeldItToTheBar(
        string stage, bool verifies, LookupOutcome outcome, double score, double? probability) =>
        Assert.Equal(
            stage, DecidedBy.Stage(Record(outcome, score, MissReason.None, 0.9, null, probability), _point, verifies));

    [Theory]
    [InlineData("over_window", MissReason.OverWindow, 0.9, null)]
    [InlineData("unknown_word", MissReason.UnknownWord, 0.9, null)]
    [InlineData("verifier_unavailable", MissReason.VerifierUnavailable, 0.9, null)]
    [InlineData("threshold", MissReason.BelowThreshold, 0.4, null)]
    [InlineData("threshold", MissReason.Guarded, 0.4, "number")]
    [InlineData("guard number", MissReason.Guarded, 0.9, "number")]
    [InlineData("verifier", MissReason.Unverified, 0.9, null)]
    public void Stage_OfAMiss_IsWhatStoppedTheNearest(string stage, MissReason reason, double nearest, string? guard) =>
        Assert.Equal(stage, DecidedBy.Stage(Miss(reason, nearest, guard), _point, verifies: true));

    [Fact]
    public void Stage_OfNothingToCompare_IsNoCandidate() => Assert.Equal(
        "no_candidate",
        DecidedBy.Stage(Miss(MissReason.NoCandidate, 0, null) with { Nearest = [] }, _point, verifies: false));

    private static LookupRecord Miss(MissReason reason, double nearest, string? guard) =>
        Record(LookupOutcome.Miss, double.NaN, reason, nearest, guard, probability: null);

    private static LookupRecord Record(
        LookupOutcome outcome, double score, MissReason reason, double nearest, string? guard, double? probability)
    {
        var report = new CandidateReport(
            Guid.Empty, nearest, false, reason, null,
            guard is null ? null : new GuardReport(guard, "1", "2"), probability);
        return new LookupRecord(
            "asked", "", null, false, false, score, outcome, reason, nearest, probability,
            [new ComparedEntry("entry", false, report)]);
    }
}
