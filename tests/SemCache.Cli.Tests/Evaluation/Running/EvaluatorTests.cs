using SemCache.Cli.Evaluation;
using SemCache.Cli.Evaluation.Data;
using SemCache.Cli.Evaluation.Running;
using SemCache.Core;

namespace SemCache.Cli.Tests.Evaluation.Running;

/// <summary>The real engine and a model without a verifier, with data that is small enough to follow.</summary>
public sealed class EvaluatorTests : IDisposable
{
    private static readonly string _model = Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Stream_InsertAlways_ServesWhatWasAskedBefore()
    {
        var run = await RunAsync(Policy.Static, EvaluationMode.Stream, SampleFiles.FewPairs);

        Assert.Equal(
            ["What is the capital of France?", "what is the capital of france", "Name the French seat of government",
                "How do I bake bread?", "Which planet is the largest?"],
            run.Records.Select(record => record.Asked));
        Assert.Equal([false, true, true, false, false], run.Records.Select(record => record.Possible));
        Assert.Equal(MissReason.NoCandidate, run.Records[0].Reason);
        Assert.Equal("What is the capital of France?", run.Records[1].Served);
        Assert.True(run.Records[1].Right);
        Assert.True(run.Records[1].Score > 0.95);
        Assert.False(run.Records[4].Right);
        // At the lowest bar everything that has a neighbour is served.
        Assert.All(run.Records.Skip(1), record => Assert.True(record.Score >= -1));
    }

    [Fact]
    public async Task Stream_InsertMiss_AsksTheEngineAtItsOwnBar()
    {
        var run = await RunAsync(Policy.Static, EvaluationMode.Stream, SampleFiles.FewPairs, InsertPolicy.Miss);

        Assert.Equal(
            [LookupOutcome.Miss, LookupOutcome.SemanticHit, LookupOutcome.Miss, LookupOutcome.Miss, LookupOutcome.Miss],
            run.Records.Select(record => record.Outcome));
        Assert.Equal(double.NegativeInfinity, run.Point.Score);
        // What hit was not stored: only the first of the two capitals can be near.
        Assert.DoesNotContain(run.Records[2].Nearest, entry => entry.Text == "what is the capital of france");
    }

    [Fact]
    public async Task Pairs_EachPair_IsAloneInTheCache()
    {
        var run = await RunAsync(Policy.Static, EvaluationMode.Pairs, SampleFiles.FewPairs);

        Assert.All(run.Records, record => Assert.Single(record.Nearest));
        Assert.Equal([true, true, false], run.Records.Select(record => record.Right));
        Assert.Equal("How do I bake bread?", run.Records[2].Served);
        Assert.True(run.Records[0].Score > run.Records[1].Score);
    }

    [Fact]
    public async Task Exact_OtherSpelling_IsAMiss()
    {
        var run = await RunAsync(
            Policy.Exact, EvaluationMode.Pairs, """
                {"a":"Hello there","b":" Hello there ","label":1}
                {"a":"Hello there","b":"hello there","label":1}
                """);

        Assert.Equal([1, double.NaN], run.Records.Select(record => record.Score));
    }

    [Fact]
    public async Task Guards_AStop_ComesWithTheGuardThatMadeIt()
    {
        const string pairs = """{"a":"Convert 100 USD to EUR","b":"Convert 250 USD to EUR","label":0}""";
        var unguarded = await RunAsync(Policy.Static, EvaluationMode.Pairs, pairs);
        var guarded = await RunAsync(Policy.Guards, EvaluationMode.Pairs, pairs);

        Assert.Equal("Convert 100 USD to EUR", unguarded.Records[0].Served);
        Assert.Null(guarded.Records[0].Served);
        Assert.Equal(
            "guard number",
            DecidedBy.Stage(guarded.Records[0], guarded.Point with { Threshold = 0.5 }, verifies: false));
        Assert.Equal("250", guarded.Records[0].Nearest[0].Report.Guard!.Asked);
    }

    [Fact]
    public async Task Turns_OneQuestionBehindTwoHistories_NeverHitsTheOther()
    {
        var run = await RunAsync(
            Policy.Static, EvaluationMode.Stream, """
                {"history":["Tell me of Zappa","A musician."],"question":"Was he born?","rewrite":"Was Zappa born?"}
                {"history":["Tell me of Euler","A scientist."],"question":"Was he born?","rewrite":"Was Euler born?"}
                """);

        Assert.DoesNotContain(run.Records, record => record.Served?.Contains("he born") == true);
    }

    [Fact]
    public async Task Point_OfAPolicy_IsTheShippedThreshold()
    {
        var run = await RunAsync(Policy.Static, EvaluationMode.Pairs, SampleFiles.FewPairs);

        Assert.Equal(0.96, run.Point.Score);
        Assert.False(run.Verifies);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<PolicyRun> RunAsync(
        Policy policy, EvaluationMode mode, string lines, InsertPolicy insert = InsertPolicy.Always)
    {
        var token = TestContext.Current.CancellationToken;
        var plan = new EvaluationPlan { Mode = mode, Insert = insert, Policies = [policy] };
        var file = await DataFile.ReadAsync(_folder.Write($"{Guid.NewGuid():N}.jsonl", lines), token);
        var (run, _) = await new Evaluator(plan, TimeProvider.System).LookUpAsync(file, _model, plan.Settings, token);
        return Assert.Single(run.Runs);
    }
}
