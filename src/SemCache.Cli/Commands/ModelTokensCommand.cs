using System.CommandLine;
using System.Text.Json;
using SemCache.Cli.JsonLines;
using SemCache.Cli.Models;
using SemCache.Cli.Options;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache model tokens</c></summary>
internal sealed class ModelTokensCommand : CliCommand
{
    private readonly Argument<string> _model = new("NAME|FOLDER")
    {
        Description = "A model that is here, by name or by folder",
    };

    private readonly Argument<string> _file = new("FILE.jsonl")
    {
        Description = "Prompts, one line each, {\"text\":\"…\"}, or two a line, {\"a\":\"…\",\"b\":\"…\"}; - reads "
            + "standard input",
    };

    private readonly Option<string> _modelsFolder = ModelCommand.ModelsOption();

    public ModelTokensCommand(CliContext context)
        : base(
            "tokens",
            "Prints the token ids that a model reads of each prompt: a JSON array a line, in order. Prompts are "
                + "brought into the form in which the server compares them first.",
            context)
    {
        Add(_model);
        Add(_file);
        Add(_modelsFolder);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache model tokens semcache-mini prompts.jsonl",
        "echo '{\"text\":\"What is C++?\"}' | semcache model tokens semcache-mini -",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var folder = new ModelsFolder(parse.GetRequiredValue(_modelsFolder))
            .Find(parse.GetRequiredValue(_model), Catalogue.Load());
        var file = parse.GetRequiredValue(_file);
        await using var model = LoadedModel.Load(folder);
        await using var input = file == CommonOptions.StandardStream ? Environment.Input : InputFile.Open(file);
        await foreach (var (_, texts) in JsonLinesFile.ReadAsync(input, file, PromptTexts.Parse, cancellationToken))
        {
            foreach (var text in texts)
            {
                Environment.Out.WriteLine(JsonSerializer.Serialize(model.Embedder.Tokenize(text, out _)));
            }
        }

        return ExitCode.Ok;
    }
}
