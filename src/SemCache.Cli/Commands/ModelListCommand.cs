using System.CommandLine;
using SemCache.Cli.Models;
using SemCache.Cli.Output;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache model list</c></summary>
internal sealed class ModelListCommand : CliCommand
{
    private readonly Option<string> _models = ModelCommand.ModelsOption();
    private readonly Option<string> _config = ModelCommand.ConfigOption();

    public ModelListCommand(CliContext context)
        : base("list", "Shows the encoders that can be pulled, those that are here, and the one in use.", context)
    {
        Add(_models);
        Add(_config);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache model list",
        "semcache model list --models /var/lib/semcache/models --config /etc/semcache.json",
        "semcache model list --json | jq -r '.models[] | select(.installed) | .name'",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Interrupted];

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var models = ModelListing.Create(
            Catalogue.Load(),
            new ModelsFolder(parse.GetRequiredValue(_models)).List(),
            new ModelConfiguration(parse.GetRequiredValue(_config)).ModelFolder());
        if (WantsJson(parse))
        {
            JsonOutput.Write(Environment, new { models });
        }
        else
        {
            ModelListView.Write(Environment, models);
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
