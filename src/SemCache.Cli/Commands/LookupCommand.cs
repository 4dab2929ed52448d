using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SemCache.Cli.Options;
using SemCache.Cli.Output;
using SemCache.V1;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache lookup</c></summary>
internal sealed class LookupCommand : CliCommand
{
    private readonly Argument<string?> _prompt = CommonOptions.Text(
        "PROMPT", "What is about to be asked; - reads it from standard input");

    private readonly Option<string> _messages = CommonOptions.Messages();
    private readonly Option<string> _namespace = CommonOptions.Namespace();
    private readonly Option<Dictionary<string, string>> _scope = CommonOptions.Scope(
        "Attribute that must match exactly (model, system prompt, user …).");

    private readonly Option<double?> _threshold = CommonOptions.Number<double>(
        "--threshold", "SIMILARITY", "Lowest cosine similarity for a semantic hit, -1 to 1 [default: the namespace's]");

    private readonly Option<TimeSpan?> _maxAge = CommonOptions.Duration(
        "--max-age", "Pass over entries stored longer ago than this, like 90s, 1h30m or 2d");

    private readonly Option<int?> _candidates = CommonOptions.Number<int>(
        "--candidates", "N", "Report this many of the nearest entries");

    private readonly Option<bool> _explain = new("--explain") { Description = "Show what decided each candidate" };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "Print the response only, byte for byte as it was stored; nothing on a miss",
    };

    public LookupCommand(CliContext context)
        : base("lookup", "Finds the stored response of an equal prompt or of one with the same meaning.", context)
    {
        Add(_prompt);
        Add(_messages);
        Add(_namespace);
        Add(_scope);
        Add(_threshold);
        Add(_maxAge);
        Add(_candidates);
        Add(_explain);
        Add(_quiet);
        Validators.Add(result =>
        {
            if (result.GetResult(_prompt)?.Tokens.Count > 0 == result.GetResult(_messages) is not null)
            {
                result.AddError("Give either a PROMPT or --messages.");
            }
        });
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache lookup \"How do I reset my password?\" --scope model=gpt-4o-mini",
        "semcache lookup --messages chat.json --namespace support --max-age 2d",
        "semcache lookup \"What is the refund policy?\" --explain --candidates 5",
        "answer=$(semcache lookup --quiet - < prompt.txt) || answer=$(ask-the-model < prompt.txt)",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [.. ExitCode.OfServerCommands.Append(ExitCode.Miss).Order()];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var request = await CreateRequestAsync(parse, cancellationToken);
        using var connection = ServerConnection.Open(parse, Context);
        var found = await connection.Cache.LookupAsync(request, connection.Unary(cancellationToken));
        if (parse.GetValue(_quiet))
        {
            await WriteBodyAsync(found, cancellationToken);
        }
        else if (WantsJson(parse))
        {
            JsonOutput.WriteMessage(Environment, found);
        }
        else
        {
            LookupView.Write(Environment, found);
        }

        return found.Outcome == Outcome.Miss ? ExitCode.Miss : ExitCode.Ok;
    }

    private async Task<LookupRequest> CreateRequestAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new LookupRequest
        {
            Namespace = parse.GetRequiredValue(_namespace),
            Prompt = await TextInput.ReadPromptAsync(
                Environment, parse.GetValue(_prompt), parse.GetValue(_messages), cancellationToken),
            MaxAge = parse.GetValue(_maxAge)?.ToDuration(),
            Candidates = parse.GetValue(_candidates) ?? 0,
            Explain = parse.GetValue(_explain),
        };
        request.Scope.Add(parse.GetRequiredValue(_scope));
        if (parse.GetValue(_threshold) is { } threshold)
        {
            request.Threshold = threshold;
        }

        return request;
    }

    private async Task WriteBodyAsync(LookupResponse found, CancellationToken cancellationToken)
    {
        if (found.Response is not null)
        {
            await Environment.Output.WriteAsync(ServerText.Bytes(found.Response), cancellationToken);
        }
    }
}
