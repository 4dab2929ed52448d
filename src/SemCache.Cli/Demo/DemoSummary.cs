using SemCache.Cli.Evaluation.Statistics;
using SemCache.Core;

namespace SemCache.Cli.Demo;

/// <summary>What a demo showed, all questions together.</summary>
internal sealed record DemoSummary(
    long Prompts, long ExactHits, long SemanticHits, long WrongHits, long Repeats, long RepeatsServed,
    double Threshold, double? Bar, long SavedTokens, double SavedCost, double SavedSeconds,
    double LookupP50Milliseconds, double LookupP99Milliseconds)
{
    public long Hits => ExactHits + SemanticHits;

    public double HitRate => Prompts == 0 ? 0 : (double)Hits / Prompts;

    public static DemoSummary Of(IReadOnlyList<DemoStep> steps)
    {
        var saved = steps.Select(step => step.Found.Entry?.Usage?.Saved ?? default).ToArray();
        var durations = steps.Select(step => step.Duration.TotalMilliseconds).ToArray();
        return new DemoSummary(
            steps.Count,
            steps.Count(step => step.Found.Outcome == LookupOutcome.ExactHit),
            steps.Count(step => step.Found.Outcome == LookupOutcome.SemanticHit),
            steps.Count(step => step.IsWrong),
            steps.Count(step => step.Repeats),
            steps.Count(step => step is { Repeats: true, IsHit: true, IsWrong: false }),
            steps.Count == 0 ? 0 : steps[0].Found.Threshold,
            steps.Count == 0 ? null : steps[0].Found.Bar,
            saved.Sum(one => one.Tokens),
            saved.Sum(one => one.Cost),
            saved.Sum(one => one.Time.TotalSeconds),
            Rounded(durations, 0.50),
            Rounded(durations, 0.99));
    }

    private static double Rounded(double[] durations, double quantile) =>
        durations.Length == 0 ? 0 : Math.Round(Quantile.Of(durations, quantile), 3);
}
