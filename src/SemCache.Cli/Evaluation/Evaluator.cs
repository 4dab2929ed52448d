using SemCache.Cli.Evaluation.Data;
using SemCache.Cli.Evaluation.Reporting;
using SemCache.Cli.Evaluation.Running;
using SemCache.Cli.Options;

namespace SemCache.Cli.Evaluation;

/// <summary>Carries out a plan, one data set and model after the other.</summary>
internal sealed class Evaluator(EvaluationPlan plan, TimeProvider time)
{
    private long _done;

    /// <summary>Lookups made so far.</summary>
    public long Done => Interlocked.Read(ref _done);

    public async Task<EvaluationReport> RunAsync(IReadOnlyList<DataFile> files, CancellationToken cancellationToken)
    {
        List<SetReport> sets = [];
        foreach (var file in files)
        {
            foreach (var model in plan.Models)
            {
                sets.Add(await RunAsync(file, model, cancellationToken));
            }
        }

        return new EvaluationReport(
            Choices.NameOf(plan.Mode),
            plan.Mode == EvaluationMode.Stream ? Choices.NameOf(plan.Insert) : null,
            plan.Resamples,
            plan.Seed,
            sets);
    }

    /// <summary>The lookups of one data set with one model, and the model's name.</summary>
    public async Task<(SetRun Run, string Model)> LookUpAsync(
        DataFile file, string? model, IReadOnlyList<Setting> settings, CancellationToken cancellationToken)
    {
        await using var engine = await EvaluationEngine.StartAsync(model, settings, cancellationToken);
        var run = await engine.RunAsync(LookUps(file, cancellationToken), plan.RunsAtOnePoint, time, cancellationToken);
        return (run, engine.ModelName);
    }

    private Func<Recorder, Task<LookupRecord[]>> LookUps(DataFile file, CancellationToken cancellationToken)
    {
        void Count() => Interlocked.Increment(ref _done);
        if (plan.Mode == EvaluationMode.Pairs)
        {
            var trials = Trial.Of(file);
            return recorder => PairsRun.RunAsync(recorder, trials, Count, cancellationToken);
        }

        var stream = plan.StreamOf(file);
        return recorder => StreamRun.RunAsync(recorder, stream, plan.Insert, Count, cancellationToken);
    }

    private async Task<SetReport> RunAsync(DataFile file, string? model, CancellationToken cancellationToken)
    {
        var (run, name) = await LookUpAsync(file, model, plan.Settings, cancellationToken);
        var builder = new ReportBuilder(
            plan.Resamples, plan.Seed, plan.Examples, Pairs: plan.Mode == EvaluationMode.Pairs);
        // Without a verifier in the model there is nothing to be measured of it.
        PolicyRun[] measured =
            [.. run.Runs.Where(policy => policy.Verifies || !policy.Setting.Policy.NeedsVerifier)];
        if (measured.Length == 0)
        {
            var policies = string.Join(",", plan.Policies.Select(policy => policy.Name));
            throw new UsageException($"--policies {policies}: the model {name} has no verifier.");
        }

        var records = measured[0].Records;
        return new SetReport(
            file.Name,
            file.Kind,
            Label(model, name),
            records.Count,
            records.Count(record => record.ClassName == Noise.ClassName),
            run.LookupsPerSecond,
            run.Elapsed.TotalSeconds,
            [.. measured.Select(builder.Build)]);
    }

    // Models in training keep their name; the folder tells them apart.
    private static string Label(string? folder, string name) =>
        folder is null || Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) == name
            ? name
            : $"{name} ({folder})";
}
