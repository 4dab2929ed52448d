using System.CommandLine;
using SemCache.Cli.Evaluation.Data;
using SemCache.Cli.Options;

namespace SemCache.Cli.Evaluation;

/// <summary>The arguments and options that say what data is used and how, for every command that evaluates.</summary>
/// <param name="files">How many files must be given.</param>
internal sealed class EvaluationOptions(ArgumentArity files)
{
    private readonly Argument<string[]> _files = new("FILE.jsonl")
    {
        Description = $"Labelled data, JSON lines of one kind a file: {DataLineParser.Shapes}",
        Arity = files,
    };

    private readonly Option<EvaluationMode> _mode = Choices.Option(
        "--mode",
        "stream: ask every distinct prompt once, in order, of a cache that fills. pairs: store a, look up b, each pair "
            + "alone",
        EvaluationMode.Stream);

    private readonly Option<string[]> _models = CommonOptions.Repeatable(
        "--model", "FOLDER", "Folder of an embedding model [default: the shipped one].");

    private readonly Option<string[]> _mustMiss = CommonOptions.Repeatable(
        "--must-miss", "CLASS", "A class whose texts are no answer to each other, like out of scope.");

    private readonly Option<string> _noise = CommonOptions.Value(
        "--noise", "FILE.jsonl", "Lines {\"text\"} that must miss, mixed into the stream at random places");

    private readonly Option<int?> _noiseCount = CommonOptions.Number<int>(
        "--noise-count", "N", "How many of them, drawn by chance [default: as many as the stream has prompts]",
        1, int.MaxValue);

    private readonly Option<int?> _shuffle = CommonOptions.Number<int>(
        "--shuffle", "SEED", "Shuffle the stream [default: the order of the file]", int.MinValue, int.MaxValue);

    private readonly Option<int?> _seed = CommonOptions.Number<int>(
        "--seed", "SEED", "Of noise and resampling [default: 1]", int.MinValue, int.MaxValue);

    private IEnumerable<Option> All => [_mode, _models, _mustMiss, _noise, _noiseCount, _shuffle, _seed];

    public void AddTo(Command command)
    {
        command.Add(_files);
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>The first of the options that the command line names; null when it names none.</summary>
    public string? FirstGiven(ParseResult parse) =>
        All.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false })?.Name;

    /// <exception cref="UsageException">A file is not what it should be, or two could not be told apart.</exception>
    public async Task<IReadOnlyList<DataFile>> ReadFilesAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        List<DataFile> files = [];
        foreach (var path in parse.GetValue(_files) ?? [])
        {
            files.Add(await DataFile.ReadAsync(path, cancellationToken));
        }

        return files.DistinctBy(file => file.Name).Count() == files.Count
            ? files
            : throw new UsageException("Two of the files have the same name; reports could not tell them apart.");
    }

    /// <exception cref="UsageException">The options contradict each other.</exception>
    public async Task<EvaluationPlan> PlanAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var mode = parse.GetValue(_mode);
        var noise = parse.GetValue(_noise);
        var models = parse.GetRequiredValue(_models);
        var mustMiss = parse.GetRequiredValue(_mustMiss);
        if (mode == EvaluationMode.Pairs
            && (noise is not null || mustMiss.Length > 0 || parse.GetValue(_shuffle) is not null))
        {
            throw new UsageException(
                "--noise, --must-miss and --shuffle belong to --mode stream: pairs are judged alone.");
        }

        if (noise is null && parse.GetValue(_noiseCount) is not null)
        {
            throw new UsageException("--noise-count needs --noise.");
        }

        return new EvaluationPlan
        {
            Mode = mode,
            Models = models.Length > 0 ? models : (string?[])[null],
            MustMiss = mustMiss,
            Noise = noise is null ? null : await DataFile.ReadAsync(noise, cancellationToken),
            NoiseCount = parse.GetValue(_noiseCount),
            Shuffle = parse.GetValue(_shuffle),
            Seed = parse.GetValue(_seed) ?? 1,
        };
    }
}
