using System.CommandLine;
using System.Globalization;
using SemCache.Cli.Evaluation;
using SemCache.Cli.Evaluation.Data;
using SemCache.Cli.Evaluation.Reporting;
using SemCache.Cli.Evaluation.Running;
using SemCache.Cli.Options;
using SemCache.Cli.Output;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache eval</c></summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly EvaluationOptions _options = new(ArgumentArity.OneOrMore);

    private readonly Option<InsertPolicy> _insert = Choices.Option(
        "--insert",
        "What a stream stores after a lookup: always the prompt, or only on a miss. Then each bar takes a run of its "
            + "own, and --thresholds lists those of the policies static and guards",
        InsertPolicy.Always);

    private readonly Option<double[]> _thresholds = NumberLists.Option(
        "--thresholds", "Similarities to run at with --insert miss, separated by commas [default: the shipped one]",
        -1, 1);

    private readonly Option<string> _policies = CommonOptions.Value(
        "--policies", "P1,P2",
        $"Policies to compare, separated by commas: {string.Join(", ", Policy.All.Select(policy => policy.Name))} "
            + "[default: all]");

    private readonly Option<int?> _examples = CommonOptions.Number<int>(
        "--examples", "N", "Examples in each list of the report [default: 25]", 0, 10_000);

    private readonly Option<int?> _bootstrap = CommonOptions.Number<int>(
        "--bootstrap", "N", "Resamples for the 95 % confidence intervals, 0 for none [default: 1000]", 0, 100_000);

    private readonly Option<string> _report = CommonOptions.Value(
        "--report", "FOLDER", "Writes report.html, one page with everything in it, and the charts as PNG and SVG");

    private readonly Option<string> _markdown = CommonOptions.Value(
        "--markdown", "FILE", "Writes the tables as Markdown");

    public EvalCommand(CliContext context)
        : base(
            "eval",
            "Measures how right hits are, with labelled data and the engine inside this process. Needs no server.",
            context)
    {
        _options.AddTo(this);
        Add(_insert);
        Add(_thresholds);
        Add(_policies);
        Add(_examples);
        Add(_bootstrap);
        Add(_report);
        Add(_markdown);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache eval pairs.jsonl --report report",
        "semcache eval pairs.jsonl --mode pairs --policies static,shipped",
        "semcache eval intents.jsonl --must-miss oos --noise prompts.jsonl --noise-count 1000",
        "semcache eval pairs.jsonl --model models/old --model models/new --markdown quality.md",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(parse, cancellationToken);
        var files = await _options.ReadFilesAsync(parse, cancellationToken);
        var evaluator = new Evaluator(plan, Environment.Time);
        EvaluationReport? report = null;
        await new ProgressDisplay(Environment, WantsJson(parse)).RunAsync(
            "Evaluating", () => new ProgressSnapshot(evaluator.Done, null),
            async () => report = await evaluator.RunAsync(files, cancellationToken));

        Write(parse, report!);
        return ExitCode.Ok;
    }

    private async Task<EvaluationPlan> PlanAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var plan = await _options.PlanAsync(parse, cancellationToken);
        plan = plan with
        {
            Insert = parse.GetValue(_insert),
            Thresholds = parse.GetValue(_thresholds) ?? [],
            Policies = parse.GetValue(_policies) is { } names ? [.. names.Split(',').Select(Policy.Named)] : Policy.All,
            Examples = parse.GetValue(_examples) ?? 25,
            Resamples = parse.GetValue(_bootstrap) ?? 1000,
        };
        if (plan.Mode == EvaluationMode.Pairs && plan.Insert == InsertPolicy.Miss)
        {
            throw new UsageException("--insert belongs to --mode stream: pairs are judged alone.");
        }

        if (plan.Settings.Count == 0)
        {
            throw new UsageException("With --insert miss the verifier runs as it ships: name shipped in --policies.");
        }

        return plan.Thresholds.Count > 0 && !plan.RunsAtOnePoint
            ? throw new UsageException("--thresholds belongs to --insert miss; otherwise one run shows all of them.")
            : plan;
    }

    private void Write(ParseResult parse, EvaluationReport report)
    {
        var page = parse.GetValue(_report) is { } folder ? ReportFolder.Write(report, folder) : null;
        if (parse.GetValue(_markdown) is { } markdown)
        {
            ReportFolder.WriteMarkdown(report, markdown);
        }

        if (WantsJson(parse))
        {
            Environment.Out.WriteLine(ReportFolder.Json(report));
            return;
        }

        foreach (var models in report.Sets.GroupBy(set => set.Name))
        {
            TableWriters.Write(Environment.Console, SummaryTable.OfSet([.. models]));
            foreach (var set in models)
            {
                Environment.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{set.Model}: {set.LookupsPerSecond:N0} lookups/s over all policies, {set.Seconds:0.0} s"));
            }
        }

        foreach (var table in SummaryTable.Summary(report))
        {
            TableWriters.Write(Environment.Console, table);
        }

        if (page is not null)
        {
            Environment.Out.WriteLine($"Report: {page}");
        }
    }
}
