using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SemCache.Cli.Options;
using SemCache.Cli.Output;
using SemCache.V1;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache store</c></summary>
internal sealed class StoreCommand : CliCommand
{
    private readonly Argument<string?> _first = CommonOptions.Text(
        "PROMPT", "What was asked; - reads it from standard input");

    private readonly Argument<string?> _second = CommonOptions.Text(
        "RESPONSE", "What the model answered; - reads it from standard input");

    private readonly Option<string> _messages = CommonOptions.Messages();
    private readonly Option<string> _responseFile = CommonOptions.Value(
        "--response-file", "FILE", "File with the response, instead of RESPONSE; stored byte for byte");

    private readonly Option<string> _contentType = CommonOptions.Value(
        "--content-type", "TYPE", "Media type of the response [default: text/plain; charset=utf-8]");

    private readonly Option<string> _namespace = CommonOptions.Namespace();
    private readonly Option<Dictionary<string, string>> _scope = CommonOptions.Scope(
        "Attribute that a lookup must match exactly (model, system prompt, user …).");

    private readonly Option<TimeSpan?> _ttl = CommonOptions.Duration(
        "--ttl", "How long the entry may be served, like 12h or 30d [default: the namespace's]");

    private readonly Option<string[]> _tags = CommonOptions.Repeatable("--tag", "TAG", "Label to invalidate by.");
    private readonly Option<string> _decisionId = CommonOptions.Value(
        "--decision-id", "ID", "Decision of the lookup that missed, so that the prompt is not embedded twice");

    private readonly UsageOptions _usage = new();

    public StoreCommand(CliContext context)
        : base(
            "store",
            "Stores the response of a prompt. An entry for the same namespace, scope and prompt is replaced.",
            context)
    {
        Add(_first);
        Add(_second);
        Add(_messages);
        Add(_responseFile);
        Add(_contentType);
        Add(_namespace);
        Add(_scope);
        Add(_ttl);
        Add(_tags);
        _usage.AddTo(this);
        Add(_decisionId);
        Validators.Add(result =>
        {
            var given = (result.GetResult(_first)?.Tokens.Count ?? 0) + (result.GetResult(_second)?.Tokens.Count ?? 0);
            var named = (result.GetResult(_messages) is null ? 0 : 1)
                + (result.GetResult(_responseFile) is null ? 0 : 1);
            if (given + named != 2)
            {
                result.AddError("Give a prompt (PROMPT or --messages) and a response (RESPONSE or --response-file).");
            }
        });
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache store \"How do I reset my password?\" \"Click 'Forgot password?'.\" --scope model=gpt-4o --ttl 30d",
        "ask-the-model < prompt.txt | semcache store \"$(cat prompt.txt)\" - --tag docs --cost 0.0021 --latency 820ms",
        "semcache store --messages chat.json --response-file answer.json --content-type application/json",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [.. ExitCode.OfServerCommands.Append(ExitCode.NotAdmitted).Order()];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var request = await CreateRequestAsync(parse, cancellationToken);
        using var connection = ServerConnection.Open(parse, Context);
        var answer = await connection.Cache.StoreAsync(request, connection.Unary(cancellationToken));
        if (WantsJson(parse))
        {
            JsonOutput.WriteMessage(Environment, answer);
        }
        else
        {
            StoreView.Write(Environment, answer);
        }

        return answer.NotAdmitted == NotAdmittedReason.Unspecified ? ExitCode.Ok : ExitCode.NotAdmitted;
    }

    private async Task<StoreRequest> CreateRequestAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        // With --messages there is no PROMPT: the only text on the command line is then the response.
        var messages = parse.GetValue(_messages);
        var (prompt, response) = messages is null
            ? (parse.GetValue(_first), parse.GetValue(_second))
            : (messages, parse.GetValue(_first));
        var responseFile = parse.GetValue(_responseFile);
        if (prompt == CommonOptions.StandardStream && (responseFile ?? response) == CommonOptions.StandardStream)
        {
            throw new UsageException("Only one of prompt and response can be read from standard input.");
        }

        var request = new StoreRequest
        {
            Namespace = parse.GetRequiredValue(_namespace),
            Prompt = await TextInput.ReadPromptAsync(Environment, prompt, messages, cancellationToken),
            Response = await TextInput.ReadResponseAsync(Environment, response, responseFile, cancellationToken),
            Usage = _usage.Read(parse),
            Ttl = parse.GetValue(_ttl)?.ToDuration(),
            DecisionId = parse.GetValue(_decisionId) ?? "",
        };
        request.Response.ContentType = parse.GetValue(_contentType) ?? "";
        request.Scope.Add(parse.GetRequiredValue(_scope));
        request.Tags.Add(parse.GetRequiredValue(_tags));
        return request;
    }
}
