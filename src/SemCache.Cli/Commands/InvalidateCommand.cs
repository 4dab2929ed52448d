using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SemCache.Cli.Options;
using SemCache.Cli.Output;
using SemCache.V1;
using Spectre.Console;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache invalidate</c></summary>
internal sealed class InvalidateCommand : CliCommand
{
    private readonly Option<string> _namespace = CommonOptions.Namespace();
    private readonly Option<string[]> _entryIds = CommonOptions.Repeatable("--entry-id", "ID", "Only this entry.");
    private readonly Option<string?> _prompt = new("--prompt")
    {
        Description = "Only entries for exactly this prompt; - reads it from standard input",
        HelpName = "PROMPT",
    };

    private readonly Option<string> _messages = CommonOptions.Value(
        "--messages", "FILE.json", "Only entries for exactly this conversation");

    private readonly Option<string[]> _tags = CommonOptions.Repeatable(
        "--tag", "TAG", "Only entries with this tag, or with another one given.");

    private readonly Option<Dictionary<string, string>> _scope = CommonOptions.Scope(
        "Only entries whose scope has this (and perhaps more).");

    private readonly Option<DateTimeOffset?> _storedBefore;
    private readonly Option<bool> _entireNamespace = new("--entire-namespace")
    {
        Description = "Every entry of the namespace (that satisfies the other conditions)",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Count, and remove nothing" };

    public InvalidateCommand(CliContext context)
        : base(
            "invalidate",
            "Removes the entries of one namespace that satisfy all given conditions. It does not ask: try --dry-run "
                + "first.",
            context)
    {
        _storedBefore = CommonOptions.PointInTime(
            "--stored-before",
            "Only entries stored before a time (2026-01-31T12:00:00Z) or longer ago than an age (2d)",
            context.Environment.Time);
        System.CommandLine.Option[] conditions =
            [_entryIds, _prompt, _messages, _tags, _scope, _storedBefore, _entireNamespace];
        Add(_namespace);
        foreach (var condition in conditions)
        {
            Add(condition);
        }

        Add(_dryRun);
        Validators.Add(result =>
        {
            if (!conditions.Any(condition => result.GetResult(condition) is { Implicit: false }))
            {
                result.AddError("Give at least one condition, or --entire-namespace.");
            }

            if (result.GetResult(_prompt) is not null && result.GetResult(_messages) is not null)
            {
                result.AddError("Give either --prompt or --messages.");
            }
        });
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache invalidate --tag pricing --dry-run",
        "semcache invalidate --namespace support --scope model=gpt-4o --stored-before 30d",
        "semcache invalidate --prompt \"What does the Pro plan cost?\"",
        "semcache invalidate --namespace staging --entire-namespace",
    ];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var request = await CreateRequestAsync(parse, cancellationToken);
        using var connection = ServerConnection.Open(parse, Context);
        var answer = await connection.Cache.InvalidateAsync(request, connection.Unary(cancellationToken));
        if (WantsJson(parse))
        {
            JsonOutput.WriteMessage(Environment, answer);
        }
        else
        {
            var entries = Humanized.Count(answer.Count, "entry", "entries");
            Environment.Console.MarkupLine(
                request.DryRun ? $"[yellow]would remove[/] {entries}" : $"[green]removed[/] {entries}");
        }

        return ExitCode.Ok;
    }

    private async Task<InvalidateRequest> CreateRequestAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var (prompt, messages) = (parse.GetValue(_prompt), parse.GetValue(_messages));
        var request = new InvalidateRequest
        {
            Namespace = parse.GetRequiredValue(_namespace),
            Prompt = prompt is null && messages is null
                ? null
                : await TextInput.ReadPromptAsync(Environment, prompt, messages, cancellationToken),
            StoredBefore = parse.GetValue(_storedBefore)?.ToTimestamp(),
            EntireNamespace = parse.GetValue(_entireNamespace),
            DryRun = parse.GetValue(_dryRun),
        };
        request.EntryIds.Add(parse.GetRequiredValue(_entryIds));
        request.Tags.Add(parse.GetRequiredValue(_tags));
        request.Scope.Add(parse.GetRequiredValue(_scope));
        return request;
    }
}
