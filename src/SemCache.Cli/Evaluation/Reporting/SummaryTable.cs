using SemCache.Cli.Output;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>A table of figures, to be written to a terminal, as Markdown or as HTML.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Columns">Its columns; the first ones hold names, the others figures.</param>
/// <param name="Names">How many columns hold names.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record SummaryTable(
    string Title, IReadOnlyList<string> Columns, int Names, IReadOnlyList<IReadOnlyList<Cell>> Rows)
{
    /// <summary>The error rates that data sets are compared at.</summary>
    private static readonly double[] _compared = [0.01, 0.02];

    /// <summary>Everything about a data set, a row for each model and policy.</summary>
    public static SummaryTable OfSet(IReadOnlyList<SetReport> models) => new(
        Describe(models[0]),
        [
            "model", "policy", "bar", "possible", "hit rate", "error rate", "precision", "recall", "PR-AUC",
            .. ReportBuilder.ErrorBounds.Select(bound => $"hit rate at error ≤ {100 * bound:0.#} %"),
        ],
        Names: 2,
        [.. models.SelectMany(set => set.Policies, (set, policy) => Row(set, policy))]);

    /// <summary>One figure of every data set and model, a column for each policy.</summary>
    /// <param name="report">The report.</param>
    /// <param name="title">What the figure is.</param>
    /// <param name="figure">Reads it.</param>
    /// <param name="policies">Titles of the policies that have it.</param>
    public static SummaryTable Across(
        EvaluationReport report, string title, Func<PolicyReport, Cell> figure, IReadOnlyList<string> policies) => new(
            title,
            ["data", "model", "lookups", "possible", .. policies],
            Names: 2,
            [.. report.Sets.Select(set => (IReadOnlyList<Cell>)
            [
                new(set.Name), new(set.Model), new(Humanized.Count(set.Lookups)),
                new(Humanized.Percent(set.Policies[0].Possible, set.Lookups)),
                .. policies.Select(title => set.Policies.FirstOrDefault(policy => policy.Title == title) is { } policy
                    ? figure(policy) : new Cell(Cells.None)),
            ])]);

    /// <summary>The figures to compare data sets by; none where there is only one.</summary>
    public static IReadOnlyList<SummaryTable> Summary(EvaluationReport report)
    {
        if (report.Sets.DistinctBy(set => set.Name).Count() == 1)
        {
            return [];
        }

        string[] all = [.. report.Sets.SelectMany(set => set.Policies).Select(policy => policy.Title).Distinct()];
        // What the engine was asked at one bar only has no best among bars.
        string[] scored = [.. report.Sets.SelectMany(set => set.Policies)
            .Where(policy => policy.OperatingPoint is not null).Select(policy => policy.Title).Distinct()];
        return
        [
            .. _compared.Where(_ => scored.Length > 0).Select(bound => Across(
                report, $"Hit rate at error ≤ {100 * bound:0.#} %",
                policy => Cells.Percent(policy.Figures.Best.Single(best => best.ErrorBound == bound).HitRate), scored)),
            Across(report, "Hit rate at its own setting", policy => Cells.Percent(policy.Figures.HitRate), all),
            Across(report, "Error rate at its own setting", policy => Cells.Percent(policy.Figures.ErrorRate), all),
            .. scored.Length > 0
                ? [Across(report, "PR-AUC", policy => Cells.Plain(policy.Figures.AveragePrecision), scored)]
                : (SummaryTable[])[],
        ];
    }

    private static Cell[] Row(SetReport set, PolicyReport policy) =>
    [
        new(set.Model), new(policy.Title),
        new(policy.OperatingPoint is null ? "own" : Cells.Number(policy.OperatingPoint)),
        new(Humanized.Percent(policy.Possible, set.Lookups)),
        Cells.Percent(policy.Figures.HitRate), Cells.Percent(policy.Figures.ErrorRate),
        Cells.Percent(policy.Figures.Precision), Cells.Percent(policy.Figures.Recall),
        .. policy.OperatingPoint is null
            ? Enumerable.Repeat(new Cell(Cells.None), 1 + policy.Figures.Best.Count)
            : policy.Figures.Best
                .Select(best => Cells.Percent(best.HitRate) is var cell && best.Threshold is { } bar
                    ? cell with { Text = $"{cell.Text} at {Cells.Number(bar)}" } : cell)
                .Prepend(Cells.Plain(policy.Figures.AveragePrecision)),
    ];

    private static string Describe(SetReport set) =>
        $"{set.Name}: {Humanized.Count(set.Lookups)} lookups"
        + (set.Noise > 0 ? $", {Humanized.Count(set.Noise)} of them noise" : "");
}
