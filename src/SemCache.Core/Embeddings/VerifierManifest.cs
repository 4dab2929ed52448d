using System.Globalization;
using System.Text.Json.Serialization;

namespace SemCache.Core.Embeddings;

/// <summary>What a model's manifest says of its verifier.</summary>
internal sealed record VerifierManifest
{
    /// <summary>Most candidates that a verifier may ask for: guards look at no more in one lookup.</summary>
    public const int MaxCandidates = 32;

    /// <summary>Name of the ONNX file in the model's folder.</summary>
    public required string File { get; init; }

    /// <summary>What the verifier is, and so what runs it.</summary>
    public ModelArchitecture Architecture { get; init; }

    /// <summary>The guards whose verdicts it was trained with, in the order of its features.</summary>
    public required IReadOnlyList<string> Guards { get; init; }

    /// <summary>Similarity below which nothing hits, −1…1: the threshold of namespaces that configure none.</summary>
    public required double Floor { get; init; }

    /// <summary>Similarity from which on a candidate needs no verifier; above 1 for never.</summary>
    public required double Certain { get; init; }

    /// <summary>Most candidates of one lookup that are verified, 1…32.</summary>
    public required int Candidates { get; init; }

    /// <summary>The calibration, strictest row first.</summary>
    public required IReadOnlyList<ErrorRateRow> ErrorRates { get; init; }

    /// <summary>The probability that must be reached for an error rate, 0…1.</summary>
    /// <remarks>
    /// Linear between the rows. Outside of them nothing was measured: a rate stricter than the first row is held to
    /// that row's probability, a looser one than the last row to the last's, so that no rate is ever exceeded for want
    /// of a row. At 1 every answer may be wrong, and the bar is 0.
    /// </remarks>
    public double BarFor(double maxErrorRate)
    {
        if (maxErrorRate >= 1)
        {
            return 0;
        }

        ErrorRateRow stricter = ErrorRates[0];
        if (maxErrorRate <= stricter.MaxErrorRate)
        {
            return stricter.Probability;
        }

        foreach (ErrorRateRow row in ErrorRates.Skip(1))
        {
            if (maxErrorRate <= row.MaxErrorRate)
            {
                double share = (maxErrorRate - stricter.MaxErrorRate) / (row.MaxErrorRate - stricter.MaxErrorRate);
                return stricter.Probability + (share * (row.Probability - stricter.Probability));
            }

            stricter = row;
        }

        return stricter.Probability;
    }

    /// <summary>The first thing that is wrong, with its field and what is allowed; null when nothing is.</summary>
    public string? Mistake()
    {
        if (File.Length == 0 || File != Path.GetFileName(File))
        {
            return "verifier.file is not the name of a file beside it; allowed is a name without folders";
        }

        if (Guards.Any(string.IsNullOrEmpty))
        {
            return "verifier.guards holds null or an empty name; allowed are names of guards";
        }

        if (Guards.Distinct(StringComparer.Ordinal).Count() != Guards.Count)
        {
            return "verifier.guards names a guard twice; allowed is each guard once";
        }

        if (!(Floor is >= -1 and <= 1))
        {
            return Is("floor", Floor, "-1 to 1");
        }

        if (!(Certain >= Floor && double.IsFinite(Certain)))
        {
            return Is("certain", Certain, "the floor or more (above 1: never)");
        }

        return Candidates is >= 1 and <= MaxCandidates
            ? RowMistake()
            : Is("candidates", Candidates, $"1 to {MaxCandidates}");
    }

    private string? RowMistake()
    {
        if (ErrorRates.Count == 0)
        {
            return "verifier.errorRates is empty; allowed is one row or more";
        }

        for (int i = 0; i < ErrorRates.Count; i++)
        {
            (double rate, double probability) = ErrorRates[i];
            (double rateBefore, double probabilityBefore) = i == 0 ? new ErrorRateRow(0, 1) : ErrorRates[i - 1];
            if (!(rate > rateBefore && rate <= 1))
            {
                return Is($"errorRates[{i}].maxErrorRate", rate, Invariant($"more than {rateBefore}, up to 1"));
            }

            if (!(probability >= 0 && probability <= probabilityBefore))
            {
                return Is($"errorRates[{i}].probability", probability, Invariant($"0 to {probabilityBefore}"));
            }
        }

        return null;
    }

    private static string Is(string field, double value, string allowed) =>
        Invariant($"verifier.{field} is {value}; allowed is {allowed}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One row of a verifier's calibration.</summary>
/// <param name="MaxErrorRate">Wrong answers among all lookups, above 0 and at most 1.</param>
/// <param name="Probability">The probability to demand so that no more than those are wrong, 0…1.</param>
[method: JsonConstructor]
internal readonly record struct ErrorRateRow(double MaxErrorRate, double Probability);
