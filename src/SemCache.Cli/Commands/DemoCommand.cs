using System.CommandLine;
using System.Globalization;
using SemCache.Cli.Demo;
using SemCache.Cli.InProcess;
using SemCache.Cli.Options;
using SemCache.Cli.Output;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache demo</c></summary>
internal sealed class DemoCommand : CliCommand
{
    /// <summary>Slow enough to read along.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly Option<bool> _fast = new("--fast")
    {
        Description = "Do not pause between the questions [default: when the output is no terminal]",
    };

    private readonly Option<double?> _threshold = CommonOptions.Number<double>(
        "--threshold", "SIMILARITY", "Lowest cosine similarity for a semantic hit, -1 to 1 [default: the model's]",
        -1, 1);

    private readonly Option<int?> _limit = CommonOptions.Number<int>(
        "--limit", "N", "Only the first N questions", 1, int.MaxValue);

    public DemoCommand(CliContext context)
        : base(
            "demo",
            "Shows what hits and misses, with questions that come along. Needs no server: the cache runs inside this "
                + "process, in a temporary folder.",
            context)
    {
        Add(_fast);
        Add(_threshold);
        Add(_limit);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache demo",
        "semcache demo --threshold 0.85 --fast",
        "semcache demo --limit 100 --json",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var json = WantsJson(parse);
        var fast = json || parse.GetValue(_fast) || !Environment.Console.Profile.Out.IsTerminal;
        var questions = SamplePrompt.ReadAll().Take(parse.GetValue(_limit) ?? int.MaxValue).ToArray();
        var view = json ? null : new DemoView(Environment.Console);
        List<DemoStep> steps = [];

        await using var demo = await TemporaryCache.StartAsync(
            OptionsOf(parse.GetValue(_threshold)), cancellationToken);
        view?.Begin(questions.Length);
        try
        {
            await foreach (var step in DemoRun.AskAsync(demo.Cache, questions, Environment.Time, cancellationToken))
            {
                steps.Add(step);
                view?.Show(step);
                if (!fast)
                {
                    await Task.Delay(_pause, Environment.Time, cancellationToken);
                }
            }
        }
        finally
        {
            // Who interrupts has seen enough, and wants the sum all the same.
            view?.End(DemoSummary.Of(steps));
        }

        if (json)
        {
            JsonOutput.Write(Environment, DemoSummary.Of(steps));
        }

        return ExitCode.Ok;
    }

    private static Dictionary<string, string?> OptionsOf(double? threshold) => threshold is { } given
        ? new() { ["SemCache:NamespaceDefaults:Threshold"] = given.ToString(CultureInfo.InvariantCulture) }
        : [];
}
