using SemCache.Cli.Evaluation;
using SemCache.Cli.Evaluation.Data;
using SemCache.Cli.Evaluation.Running;

namespace SemCache.Cli.Tests.Evaluation.Running;

/// <summary>What the curves rest on: a run at the lowest bar shows what a run at any other bar serves.</summary>
public sealed class OneRunShowsEveryBarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("static", 0.7)]
    [InlineData("static", 0.9)]
    [InlineData("guards", 0.8)]
    [InlineData("guards", 0.95)]
    public async Task Threshold_RunAtIt_ServesWhatTheLowestRunServesFromItOn(string policy, double threshold)
    {
        var atLowest = await RunAsync(Setting.Lowest(Policy.Named(policy)), null);
        var atThreshold = await RunAsync(Setting.At(Policy.Named(policy), "Threshold", threshold), null);

        Assert.Contains(atLowest.Records, record => record.Score < threshold);
        Assert.Contains(atLowest.Records, record => record.Score >= threshold);
        Assert.Equal(
            atLowest.Records.Select(record => record.Score >= threshold ? record.Served : null),
            atThreshold.Records.Select(record => record.Served));
    }

    [Fact]
    public async Task Shipped_ServesWhatTheVerifierAtItsLowestServesFromTheBarOn()
    {
        var model = VerifyingModel.Create(_folder);

        var atLowest = await RunAsync(Setting.Lowest(Policy.Verifier), model);
        var shipped = await RunAsync(Setting.Shipped(Policy.Shipped), model);

        Assert.True(atLowest.Verifies);
        Assert.Equal(new OperatingPoint(Score: 0.9, Threshold: 0.5), atLowest.Point);
        Assert.All(atLowest.Records, record => Assert.True(
            double.IsNaN(record.Score) || record.Score == 1 || record.Score == record.Probability));
        Assert.Equal(
            atLowest.Records.Select(record => record.Score >= 0.9 ? record.Served : null),
            shipped.Records.Select(record => record.Served));
    }

    [Fact]
    public async Task Runs_AtTheSameTime_AreTheSame()
    {
        var runs = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => RunAsync(Setting.Lowest(Policy.Guards), null)));

        Assert.All(runs[1..], run => Assert.Equal(Scores(runs[0]), Scores(run)));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<(double, string?)> Scores(PolicyRun run) =>
        run.Records.Select(record => (record.Score, record.Served));

    private static async Task<PolicyRun> RunAsync(Setting setting, string? model)
    {
        var token = TestContext.Current.CancellationToken;
        var plan = new EvaluationPlan { Mode = EvaluationMode.Stream };
        var file = await DataFile.ReadAsync(SampleFiles.Pairs, token);
        var (run, _) = await new Evaluator(plan, TimeProvider.System).LookUpAsync(file, model, [setting], token);
        return Assert.Single(run.Runs);
    }
}
