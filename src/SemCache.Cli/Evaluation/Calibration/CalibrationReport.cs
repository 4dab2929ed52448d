namespace SemCache.Cli.Evaluation.Calibration;

/// <summary>A row of the translation of error rates in a model's manifest.</summary>
internal sealed record ErrorRateLine(double MaxErrorRate, double Probability);

/// <summary>What a calibration recommends.</summary>
/// <param name="Origin">What the lookups are, in words.</param>
/// <param name="Thresholds">Lowest similarities where no verifier judges, one for each error rate.</param>
/// <param name="Probabilities">Lowest probabilities of the verifier; empty where nothing verifies.</param>
internal sealed record CalibrationReport(
    string Origin, IReadOnlyList<Recommendation> Thresholds, IReadOnlyList<Recommendation> Probabilities)
{
    /// <summary>Whether everything that was asked for is proved.</summary>
    public bool IsProved => Thresholds.Concat(Probabilities).All(recommendation => recommendation.IsProved);

    /// <summary>The proved rows of the manifest's table.</summary>
    public IEnumerable<ErrorRateLine> Table => Probabilities.Where(recommendation => recommendation.IsProved)
        .Select(recommendation => new ErrorRateLine(recommendation.MaxErrorRate, recommendation.Bar!.Value));

    public static CalibrationReport Of(
        CalibrationData data, IReadOnlyList<double> maxErrorRates, double confidence, double holdout) => new(
            data.Origin,
            Recommend(data.BySimilarity, maxErrorRates, confidence, holdout),
            Recommend(data.ByProbability, maxErrorRates, confidence, holdout));

    private static Recommendation[] Recommend(
        IReadOnlyList<IReadOnlyList<JudgedLookup>> chronologies, IReadOnlyList<double> maxErrorRates, double confidence,
        double holdout)
    {
        if (chronologies.Count == 0)
        {
            return [];
        }

        // Each file is split on its own: the last file must not be all that checks.
        var parts = chronologies.Select(lookups => Calibrator.Split(lookups, holdout)).ToArray();
        var calibrator = new Calibrator(
            [.. parts.SelectMany(part => part.Chooses)], [.. parts.SelectMany(part => part.Checks)], confidence);
        return [.. maxErrorRates.Select(calibrator.Recommend)];
    }
}
