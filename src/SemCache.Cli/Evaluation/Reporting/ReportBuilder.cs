using SemCache.Cli.Evaluation.Running;
using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>Computes a policy's report from its lookups.</summary>
/// <param name="Resamples">Resamples of the bootstrap.</param>
/// <param name="Seed">Of the bootstrap.</param>
/// <param name="ExampleCount">Examples in each list.</param>
/// <param name="Pairs">Whether the lookups were pairs, each judged alone.</param>
internal sealed record ReportBuilder(int Resamples, int Seed, int ExampleCount, bool Pairs)
{
    /// <summary>The error rates, as shares of all lookups, at which the best hit rates are reported.</summary>
    public static readonly IReadOnlyList<double> ErrorBounds = [0.005, 0.01, 0.02, 0.05];

    private const int CurvePoints = 400;
    private const int CoursePoints = 200;

    public PolicyReport Build(PolicyRun run)
    {
        Observation[] observations = [.. run.Records.Select(record => record.Observation)];
        var ranked = new RankedLookups(observations);
        return new PolicyReport(
            run.Setting.Policy.Name,
            string.Join(' ', new[] { run.Setting.Policy.Title, run.Setting.Label }.Where(part => part.Length > 0)),
            double.IsFinite(run.Point.Score) ? run.Point.Score : null,
            ranked.Possible,
            Bootstrap.Run(ranked, run.Point.Score, ErrorBounds, Resamples, Seed),
            Stages(run),
            Thinned(ranked.Curve()),
            Pairs ? [] : ErrorOverTime.Of(observations, run.Point.Score, CoursePoints),
            Calibration(run),
            new Examples(run, ExampleCount).Pick());
    }

    private static StageCount[] Stages(PolicyRun run) => [.. run.Records
        .GroupBy(record => DecidedBy.Stage(record, run.Point, run.Verifies))
        .Select(stage =>
        {
            var hits = stage.Where(record => record.Score >= run.Point.Score).ToArray();
            var right = hits.Count(record => record.Right);
            var missed = stage.Count(record => !(record.Score >= run.Point.Score) && record.Possible);
            return new StageCount(
                stage.Key, right, hits.Length - right, missed, stage.Count() - hits.Length - missed);
        })
        .OrderByDescending(stage => stage.Lookups)];

    // In pairs mode every verified pair has a label. In a stream only what is served has one, which is the best of
    // several and so no fair sample of what the verifier says.
    private Reliability? Calibration(PolicyRun run)
    {
        (double, bool)[] verified = Pairs
            ? [.. run.Records
                .SelectMany(record => record.Nearest)
                .Where(entry => entry.Report.Probability is not null)
                .Select(entry => (entry.Report.Probability!.Value, entry.Right))]
            : [];
        return verified.Length == 0 ? null : Reliability.Of(verified);
    }

    private static IReadOnlyList<CurvePoint> Thinned(IReadOnlyList<CurvePoint> curve)
    {
        var step = (curve.Count + CurvePoints - 1) / CurvePoints;
        return step <= 1 ? curve : [.. curve.Where((_, i) => i % step == 0 || i == curve.Count - 1)];
    }
}
