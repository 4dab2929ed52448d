using SemCache.Core;
using SemCache.V1;
using Message = SemCache.Core.Message;
using Prompt = SemCache.Core.Prompt;
using Usage = SemCache.Core.Usage;

namespace SemCache.Server.Mapping;

/// <summary>Requests of the contract as requests of the engine. Only form is checked here; the engine checks content.</summary>
internal static class FromContract
{
    /// <param name="request">The request.</param>
    /// <param name="deadline">The call's deadline, in UTC; the largest there is for none.</param>
    /// <param name="isBulk">Whether it is an item of a stream.</param>
    public static LookupQuery ToQuery(this LookupRequest request, DateTime deadline, bool isBulk = false) => new()
    {
        Namespace = request.Namespace,
        Scope = request.Scope.AsReadOnly(),
        Prompt = request.Prompt.ToPrompt(),
        Threshold = request.HasThreshold ? request.Threshold : null,
        MaxAge = FieldParser.Time(request.MaxAge, "max_age"),
        Candidates = request.Candidates,
        Explain = request.Explain,
        Deadline = ToDeadline(deadline),
        IsBulk = isBulk,
    };

    /// <param name="request">The request.</param>
    /// <param name="deadline">The call's deadline, in UTC; the largest there is for none.</param>
    public static StoreCommand ToCommand(this StoreRequest request, DateTime deadline) => new()
    {
        Namespace = request.Namespace,
        Scope = request.Scope.AsReadOnly(),
        Prompt = request.Prompt.ToPrompt(),
        Response = request.Response.ToResponse(),
        Usage = request.Usage.ToUsage(),
        Ttl = FieldParser.Time(request.Ttl, "ttl"),
        Tags = request.Tags,
        DecisionId = request.DecisionId.Length == 0 ? null : FieldParser.Id(request.DecisionId, "decision_id"),
        Deadline = ToDeadline(deadline),
    };

    public static InvalidateFilter ToFilter(this InvalidateRequest request) => new()
    {
        Namespace = request.Namespace,
        EntryIds = [.. request.EntryIds.Select((id, i) => FieldParser.Id(id, $"entry_ids[{i}]"))],
        Prompt = request.Prompt is null ? null : request.Prompt.ToPrompt(),
        Tags = request.Tags,
        Scope = request.Scope.AsReadOnly(),
        StoredBefore = FieldParser.Instant(request.StoredBefore, "stored_before"),
        EntireNamespace = request.EntireNamespace,
        DryRun = request.DryRun,
    };

    private static DateTimeOffset? ToDeadline(DateTime deadline) =>
        deadline == DateTime.MaxValue ? null : new DateTimeOffset(deadline, TimeSpan.Zero);

    private static Prompt ToPrompt(this V1.Prompt? prompt) => FieldParser.Required(prompt, "prompt").KindCase switch
    {
        V1.Prompt.KindOneofCase.Text => Prompt.FromText(prompt!.Text),
        V1.Prompt.KindOneofCase.Conversation => Prompt.FromConversation(
            [.. prompt!.Conversation.Messages.Select(message => new Message(message.Role, message.Content))]),
        _ => throw new InvalidRequestException("prompt", "has neither text nor conversation; allowed is exactly one"),
    };

    // A response without a body is an empty one, which the engine does not admit.
    private static CachedResponse ToResponse(this Response? response) =>
        FieldParser.Required(response, "response").BodyCase == Response.BodyOneofCase.Data
            ? new CachedResponse(response!.Data.Memory, IsText: false, response.ContentType)
            : CachedResponse.FromText(response!.Text, response.ContentType);

    private static Usage? ToUsage(this V1.Usage? usage) => usage is null
        ? null
        : new Usage(
            usage.Model,
            usage.PromptTokens,
            usage.CompletionTokens,
            usage.Cost,
            FieldParser.Time(usage.Latency, "usage.latency") ?? TimeSpan.Zero,
            FieldParser.Time(usage.TimeToFirstToken, "usage.time_to_first_token") ?? TimeSpan.Zero,
            usage.FinishReason);
}
