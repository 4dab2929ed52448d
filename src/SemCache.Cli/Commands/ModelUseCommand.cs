using System.CommandLine;
using SemCache.Cli.Models;
using SemCache.Cli.Output;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache model use</c></summary>
internal sealed class ModelUseCommand : CliCommand
{
    private readonly Argument<string> _model = new("NAME|FOLDER")
    {
        Description = "A model that is here, by its name or by its folder",
    };

    private readonly Option<string> _models = ModelCommand.ModelsOption();
    private readonly Option<string> _config = ModelCommand.ConfigOption();

    public ModelUseCommand(CliContext context)
        : base(
            "use",
            "Writes SemCache:Model:Path into a configuration file, which is made if there is none, after a check that "
                + "the model loads. Everything else in the file stays as it is, comments too. A running server goes on "
                + "with its model until it is started again.",
            context)
    {
        Add(_model);
        Add(_models);
        Add(_config);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache model use all-MiniLM-L6-v2-int8",
        "semcache model use /var/lib/semcache/models/gte-small --config /etc/semcache.json",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var folder = new ModelsFolder(parse.GetRequiredValue(_models))
            .Find(parse.GetRequiredValue(_model), Catalogue.Load());
        string name;
        await using (var model = LoadedModel.Load(folder))
        {
            name = model.Embedder.Manifest.Name;
        }

        var configuration = new ModelConfiguration(parse.GetRequiredValue(_config));
        configuration.Use(folder);
        if (WantsJson(parse))
        {
            JsonOutput.Write(Environment, new { model = name, folder, config = configuration.Path });
        }
        else
        {
            Write(name, folder, configuration.Path);
        }

        return ExitCode.Ok;
    }

    private void Write(string name, string folder, string config)
    {
        Environment.Out.WriteLine($"{config} names {name}, in {folder}.");
        Environment.Out.WriteLine($"Start the server again, with: --config {config}");
        Environment.Out.WriteLine(
            "Entries that another model embedded are embedded again at that start. A threshold fits one model only: "
            + "check those that are configured.");
        if (Environment.Variable(ModelConfiguration.Variable) is { Length: > 0 })
        {
            Environment.Error.WriteLine(
                $"semcache: The environment variable {ModelConfiguration.Variable} is set here; where the server has "
                + "it too, it wins over the file.");
        }
    }
}
