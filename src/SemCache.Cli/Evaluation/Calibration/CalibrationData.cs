using SemCache.Cli.Evaluation.Data;
using SemCache.Cli.Evaluation.Running;
using SemCache.Cli.JsonLines;

namespace SemCache.Cli.Evaluation.Calibration;

/// <summary>The lookups that bars are chosen with, once by each kind of bar. Every list is a chronology.</summary>
/// <param name="Origin">Where they come from, in words.</param>
/// <param name="BySimilarity">For the threshold where nothing verifies.</param>
/// <param name="ByProbability">For the verifier's bar; empty where nothing verifies.</param>
internal sealed record CalibrationData(
    string Origin,
    IReadOnlyList<IReadOnlyList<JudgedLookup>> BySimilarity,
    IReadOnlyList<IReadOnlyList<JudgedLookup>> ByProbability)
{
    /// <summary>Reads a log of decisions, in the order in which they were made.</summary>
    public static async Task<CalibrationData> OfDecisionsAsync(string path, CancellationToken cancellationToken)
    {
        List<DecisionLine> decisions = [];
        await foreach (var (_, decision) in JsonLinesFile.ReadAsync(path, DecisionLine.Parse, cancellationToken))
        {
            decisions.Add(decision);
        }

        DecisionLine[] chronological = [.. decisions.OrderBy(decision => decision.Time)];
        return new CalibrationData(
            "logged decisions",
            [[.. chronological.Select(decision => decision.BySimilarity)]],
            decisions.Any(decision => decision.Probability is not null)
                ? [[.. chronological.Select(decision => decision.ByProbability)]]
                : []);
    }

    /// <summary>Runs labelled data through the engine with the bar at its lowest.</summary>
    public static async Task<CalibrationData> OfRunsAsync(
        Evaluator evaluator, EvaluationMode mode, IReadOnlyList<DataFile> files, string? model,
        CancellationToken cancellationToken)
    {
        // The verifier's threshold is its model's own: the bar is chosen for the lookups that ask it as it ships.
        Setting[] settings = [Setting.Lowest(Policy.Guards), Setting.At(Policy.Verifier, "MaxErrorRate", 1)];
        List<IReadOnlyList<JudgedLookup>> bySimilarity = [];
        List<IReadOnlyList<JudgedLookup>> byProbability = [];
        foreach (var file in files)
        {
            var (run, _) = await evaluator.LookUpAsync(file, model, settings, cancellationToken);
            bySimilarity.Add(Judged(run.Runs[0]));
            if (run.Runs[1].Verifies)
            {
                byProbability.Add(Judged(run.Runs[1]));
            }
        }

        return new CalibrationData(
            mode == EvaluationMode.Pairs ? "pairs" : "lookups of a stream", bySimilarity, byProbability);
    }

    private static JudgedLookup[] Judged(PolicyRun run) =>
        [.. run.Records.Select(record => new JudgedLookup(record.Score, record.Right))];
}
