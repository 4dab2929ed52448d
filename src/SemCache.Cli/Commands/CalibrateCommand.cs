using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using SemCache.Cli.Evaluation;
using SemCache.Cli.Evaluation.Calibration;
using SemCache.Cli.Evaluation.Reporting;
using SemCache.Cli.Options;
using SemCache.Cli.Output;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache calibrate</c></summary>
internal sealed class CalibrateCommand : CliCommand
{
    private const double DefaultMaxErrorRate = 0.01;
    private const double DefaultConfidence = 0.95;
    private const double DefaultHoldout = 0.3;
    private const double Smallest = 1e-6;

    private static readonly JsonSerializerOptions _json = new(ReportFolder.JsonOptions)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly EvaluationOptions _options = new(ArgumentArity.ZeroOrMore);

    private readonly Option<string> _decisions = CommonOptions.Value(
        "--decisions", "FILE.jsonl", $"Instead of labelled data: decisions with feedback, lines {DecisionLine.Shape}. "
            + "Hits without feedback are taken to be as often right as those with it");

    private readonly Option<double?> _maxErrorRate = CommonOptions.Number<double>(
        "--max-error", "RATE", "Wrong hits among all lookups that are allowed [default: 0.01, which is 1 %]",
        Smallest, 1 - Smallest);

    private readonly Option<double[]> _table = NumberLists.Option(
        "--table", "Print the table errorRates of a model's manifest for these error rates, as JSON",
        Smallest, 1 - Smallest);

    private readonly Option<double?> _confidence = CommonOptions.Number<double>(
        "--confidence", "C", "Of the exact binomial bound on the error rate [default: 0.95]", 0.5, 1 - Smallest);

    private readonly Option<double?> _holdout = CommonOptions.Number<double>(
        "--holdout", "SHARE", "Last part of the data, which checks what the first part chose [default: 0.3]", 0, 0.9);

    public CalibrateCommand(CliContext context)
        : base(
            "calibrate",
            "Recommends the lowest threshold, and the lowest probability of the verifier, that keep an error rate. "
                + "Pairs say how often a pair is wrong; a stream says it of lookups, which is what a cache is held to.",
            context)
    {
        _options.AddTo(this);
        Add(_decisions);
        Add(_maxErrorRate);
        Add(_table);
        Add(_confidence);
        Add(_holdout);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache calibrate pairs.jsonl --max-error 0.01",
        "semcache calibrate --decisions decisions.jsonl --max-error 0.005 --confidence 0.99",
        "semcache calibrate pairs.jsonl --model models/own --table 0.002,0.005,0.01,0.02,0.05",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.NotProved, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var table = parse.GetValue(_table) is { Length: > 0 } rates ? rates.Order().ToArray() : null;
        if (table is not null && parse.GetValue(_maxErrorRate) is not null)
        {
            throw new UsageException("Give either --max-error or --table.");
        }

        var data = await ReadAsync(parse, cancellationToken);
        if (table is not null && data.ByProbability.Count == 0)
        {
            throw new UsageException("--table needs a model with a verifier, or decisions with probabilities.");
        }

        var report = CalibrationReport.Of(
            data,
            table ?? [parse.GetValue(_maxErrorRate) ?? DefaultMaxErrorRate],
            parse.GetValue(_confidence) ?? DefaultConfidence,
            parse.GetValue(_holdout) ?? DefaultHoldout);
        if (table is not null)
        {
            return WriteTable(report);
        }

        Write(report, WantsJson(parse));
        return report.IsProved ? ExitCode.Ok : ExitCode.NotProved;
    }

    private async Task<CalibrationData> ReadAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var files = await _options.ReadFilesAsync(parse, cancellationToken);
        var decisions = parse.GetValue(_decisions);
        if (decisions is null == (files.Count == 0))
        {
            throw new UsageException("Give either files with labelled data or --decisions.");
        }

        if (decisions is not null)
        {
            if (_options.FirstGiven(parse) is { } option)
            {
                throw new UsageException($"{option} is about labelled data; --decisions has none.");
            }

            return await CalibrationData.OfDecisionsAsync(decisions, cancellationToken);
        }

        var plan = await _options.PlanAsync(parse, cancellationToken);
        if (plan.Models.Count > 1)
        {
            throw new UsageException("Give one --model: each has a threshold of its own.");
        }

        var evaluator = new Evaluator(plan, Environment.Time);
        CalibrationData? data = null;
        await new ProgressDisplay(Environment, WantsJson(parse)).RunAsync(
            "Looking up", () => new ProgressSnapshot(evaluator.Done, null),
            async () => data = await CalibrationData.OfRunsAsync(
                evaluator, plan.Mode, files, plan.Models[0], cancellationToken));
        return data!;
    }

    // The table goes into a file; what is wrong with it does not.
    private int WriteTable(CalibrationReport report)
    {
        Environment.Out.WriteLine(JsonSerializer.Serialize(report.Table, _json));
        foreach (var line in report.Probabilities.Where(row => !row.IsProved)
            .SelectMany(row => CalibrationText.Of("Probability", row)))
        {
            Environment.Error.WriteLine(line);
        }

        return report.Probabilities.All(row => row.IsProved) ? ExitCode.Ok : ExitCode.NotProved;
    }

    private void Write(CalibrationReport report, bool json)
    {
        if (json)
        {
            Environment.Out.WriteLine(JsonSerializer.Serialize(report, _json));
            return;
        }

        var lines = report.Thresholds
            .SelectMany(threshold => CalibrationText.Of("Threshold without a verifier", threshold))
            .Concat(report.Probabilities.SelectMany(bar => CalibrationText.Of("Probability of the verifier", bar)));
        foreach (var line in lines)
        {
            Environment.Out.WriteLine(line);
        }
    }
}
