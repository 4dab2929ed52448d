using System.CommandLine;
using SemCache.Cli.Models;
using SemCache.Cli.Models.Bench;
using SemCache.Cli.Options;
using SemCache.Cli.Output;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache model bench</c></summary>
internal sealed class ModelBenchCommand : CliCommand
{
    private const int MostThreads = 256;
    private const int MostRounds = 1_000;

    private readonly Argument<string[]> _models = new("NAME|FOLDER")
    {
        Description = "Models that are here, by name or by folder; the others are compared with the first",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _modelsFolder = ModelCommand.ModelsOption();
    private readonly Option<string?> _texts = new("--texts")
    {
        Description = $"Texts, one a line: a JSON string or an object with text or prompt; the first {BenchTexts.Most} "
            + "are taken [default: questions that come along]",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<int?> _threads = CommonOptions.Number<int>(
        "--threads", "N", $"Threads that one batch may use, 1 to {MostThreads} [default: 1]", 1, MostThreads);

    private readonly Option<int?> _rounds = CommonOptions.Number<int>(
        "--rounds", "N",
        $"Rounds, each with all models in turn, 1 to {MostRounds} [default: {ModelBench.DefaultRounds}]",
        1, MostRounds);

    public ModelBenchCommand(CliContext context)
        : base(
            "bench",
            "Measures what encoders cost on this machine: from text to vector, through the code that the server runs. "
                + "It does not measure how good they are.",
            context)
    {
        Add(_models);
        Add(_modelsFolder);
        Add(_texts);
        Add(_threads);
        Add(_rounds);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache model bench semcache-mini",
        "semcache model bench semcache-mini all-MiniLM-L6-v2 all-MiniLM-L6-v2-int8 --rounds 9",
        "semcache model bench gte-small-int8 --texts prompts.jsonl --threads 4 --json",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var catalogue = Catalogue.Load();
        var folder = new ModelsFolder(parse.GetRequiredValue(_modelsFolder));
        string[] folders = [.. parse.GetRequiredValue(_models).Select(model => folder.Find(model, catalogue))];
        var texts = parse.GetValue(_texts) is { } file
            ? await BenchTexts.ReadAsync(file, cancellationToken)
            : BenchTexts.Sample();
        var summary = await ModelBench.RunAsync(
            folders, texts, parse.GetValue(_threads) ?? 1, parse.GetValue(_rounds) ?? ModelBench.DefaultRounds,
            cancellationToken);
        if (WantsJson(parse))
        {
            JsonOutput.Write(Environment, summary);
        }
        else
        {
            ModelBenchView.Write(Environment, summary);
        }

        return ExitCode.Ok;
    }
}
