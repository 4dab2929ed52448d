using System.CommandLine;
using SemCache.Cli.Options;
using SemCache.Cli.Output;
using SemCache.V1;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache stats</c></summary>
internal sealed class StatsCommand : CliCommand
{
    private readonly Option<string> _namespace = new("--namespace", "-n")
    {
        Description = "Only this namespace, in detail [default: all of them]",
        HelpName = "NAME",
        DefaultValueFactory = _ => "",
    };

    public StatsCommand(CliContext context)
        : base(
            "stats",
            "Shows entries, hits, misses, savings and latencies. Counters count since the server was started.",
            context)
    {
        Add(_namespace);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache stats",
        "semcache stats --namespace support",
        "semcache stats --json | jq '.namespaces[] | {namespace, hits: (.semanticHits | tonumber)}'",
    ];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        using var connection = ServerConnection.Open(parse, Context);
        var request = new GetStatsRequest { Namespace = parse.GetRequiredValue(_namespace) };
        var stats = await connection.Admin.GetStatsAsync(request, connection.Unary(cancellationToken));
        if (WantsJson(parse))
        {
            JsonOutput.WriteMessage(Environment, stats);
        }
        else
        {
            StatsView.Write(Environment, stats);
        }

        return ExitCode.Ok;
    }
}
