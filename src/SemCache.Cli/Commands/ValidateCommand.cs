using System.CommandLine;
using SemCache.Cli.Output;
using SemCache.V1;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache validate</c></summary>
internal sealed class ValidateCommand : CliCommand
{
    private readonly Option<string> _namespace = new("--namespace", "-n")
    {
        Description = "Only this namespace [default: all of them]",
        HelpName = "NAME",
        DefaultValueFactory = _ => "",
    };

    public ValidateCommand(CliContext context)
        : base(
            "validate",
            "Checks the vector indexes while they are in use: that every entry can be found, and that their graphs are as "
                + "they must be. Takes seconds for millions of entries.",
            context)
    {
        Add(_namespace);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache validate",
        "semcache validate --namespace support",
        "semcache validate --json | jq '.reports[] | {namespace, scope, problems}'",
    ];

    public override IReadOnlyList<int> ExitCodes => [.. ExitCode.OfServerCommands.Append(ExitCode.Faulty).Order()];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        using var connection = ServerConnection.Open(parse, Context);
        var request = new ValidateIndexRequest { Namespace = parse.GetRequiredValue(_namespace) };
        var checkedIndexes = await connection.Admin.ValidateIndexAsync(request, connection.Unary(cancellationToken));
        if (WantsJson(parse))
        {
            JsonOutput.WriteMessage(Environment, checkedIndexes);
        }
        else
        {
            ValidateView.Write(Environment, checkedIndexes);
        }

        return checkedIndexes.FaultyPartitions == 0 ? ExitCode.Ok : ExitCode.Faulty;
    }
}
