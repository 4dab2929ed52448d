using System.CommandLine;
using SemCache.Cli.Models;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache model</c>: the commands that deal with encoders.</summary>
internal sealed class ModelCommand : CliCommand
{
    public ModelCommand(CliContext context)
        : base(
            "model",
            "Lists, downloads, selects and measures encoders. Needs no server. Nothing is downloaded but by pull.",
            context)
    {
        Add(new ModelListCommand(context));
        Add(new ModelPullCommand(context));
        Add(new ModelUseCommand(context));
        Add(new ModelBenchCommand(context));
        Add(new ModelTokensCommand(context));
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache model list",
        "semcache model pull all-MiniLM-L6-v2-int8",
        "semcache model bench semcache-mini all-MiniLM-L6-v2-int8",
        "semcache model use all-MiniLM-L6-v2-int8",
    ];

    public override IReadOnlyList<int> ExitCodes => [ExitCode.Ok, ExitCode.Usage];

    internal static Option<string> ModelsOption() => new("--models")
    {
        Description = "Folder with one folder a model",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => ModelsFolder.Default,
    };

    internal static Option<string> ConfigOption() => new("--config")
    {
        Description = "The server's configuration file",
        HelpName = "FILE",
        DefaultValueFactory = _ => ModelConfiguration.Default,
    };

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken) =>
        throw new UsageException("Say what to do: list, pull, use, bench or tokens. See semcache model --help.");
}
