using System.Globalization;
using SemCache.Cli.Evaluation.Data;

namespace SemCache.Cli.Evaluation.Running;

/// <summary>Pairs of prompts, each judged alone.</summary>
internal static class PairsRun
{
    /// <summary>Enough that the model's batches fill while other pairs are being stored.</summary>
    private const int AtOnce = 16;

    /// <summary>Stores one prompt of each pair and looks up the other, in a scope that holds nothing else.</summary>
    public static async Task<LookupRecord[]> RunAsync(
        Recorder recorder, IReadOnlyList<Trial> trials, Action done, CancellationToken cancellationToken)
    {
        var records = new LookupRecord[trials.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, records.Length, parallel, async (i, token) =>
        {
            var trial = trials[i];
            var scope = new Dictionary<string, string> { ["pair"] = i.ToString(CultureInfo.InvariantCulture) };
            await recorder.StoreAsync(trial.Stored, token, scope);
            var found = await recorder.LookUpAsync(trial.Asked, token, scope);
            records[i] = recorder.Record(
                trial.AskedShown, "", trial.SameAnswer, found, _ => (trial.StoredShown, trial.SameAnswer),
                rightIfServed: trial.SameAnswer);
            done();
        });
        return records;
    }
}
