using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SemCache.Core;
using SemCache.V1;

namespace SemCache.Server.Mapping;

/// <summary>Answers of the engine as answers of the contract.</summary>
internal static class ToContract
{
    public static string ToId(this Guid id) => id.ToString("N");

    /// <summary>An answer whole, for JSON.</summary>
    public static LookupResponse ToWholeResponse(this LookupResult result)
    {
        LookupResponse response = result.ToResponse();
        if (response.StoredText is { } text)
        {
            response.StoredText = null;
            response.Response = ToResponse(text);
        }

        return response;
    }

    /// <summary>An answer whose response, when it is a text, is left to <see cref="LookupResponseMarshaller"/> to write.</summary>
    public static LookupResponse ToResponse(this LookupResult result)
    {
        var response = new LookupResponse
        {
            DecisionId = result.DecisionId.ToId(),
            Outcome = ToOutcome(result.Outcome),
            MissReason = ToReason(result.MissReason),
            Threshold = result.Threshold,
        };
        if (result.NearestSimilarity is { } nearest)
        {
            response.NearestSimilarity = nearest;
        }

        response.Guard = ToGuard(result.Guard);
        if (result.Probability is { } probability)
        {
            response.Probability = probability;
        }

        if (result.Bar is { } bar)
        {
            response.Bar = bar;
        }

        if (result.Entry is { } entry)
        {
            response.Similarity = result.Similarity;
            response.EntryId = entry.EntryId.ToId();
            response.Prompt = ToPrompt(entry.Prompt);
            response.Age = Duration.FromTimeSpan(result.Age);
            response.Tags.Add(entry.Tags);
            response.Usage = ToUsage(entry.Usage);
            response.Saved = ToSavings(entry.Usage?.Saved ?? default);
            if (entry.Response.IsText)
            {
                response.StoredText = entry.Response;
            }
            else
            {
                response.Response = ToResponse(entry.Response);
            }
        }

        response.Candidates.Add(result.Candidates.Select(ToCandidate));
        return response;
    }

    public static StoreResponse ToResponse(this StoreResult result) => new()
    {
        EntryId = result.EntryId?.ToId() ?? "",
        NotAdmitted = result.NotAdmitted switch
        {
            Core.NotAdmittedReason.None => V1.NotAdmittedReason.Unspecified,
            Core.NotAdmittedReason.EmptyResponse => V1.NotAdmittedReason.EmptyResponse,
            Core.NotAdmittedReason.FinishReason => V1.NotAdmittedReason.FinishReason,
            Core.NotAdmittedReason.TooLarge => V1.NotAdmittedReason.TooLarge,
            _ => throw new ArgumentOutOfRangeException(nameof(result)),
        },
        Message = result.Message,
    };

    public static Entry ToEntry(this CachedEntry entry)
    {
        var mapped = new Entry
        {
            EntryId = entry.EntryId.ToId(),
            Namespace = entry.Namespace,
            Prompt = ToPrompt(entry.Prompt),
            Response = ToResponse(entry.Response),
            Usage = ToUsage(entry.Usage),
            CreatedAt = Timestamp.FromDateTimeOffset(entry.CreatedAt),
            ExpiresAt = Timestamp.FromDateTimeOffset(entry.ExpiresAt),
        };
        mapped.Scope.Add(entry.Scope.ToDictionary());
        mapped.Tags.Add(entry.Tags);
        return mapped;
    }

    public static NamespaceStats ToStats(this Core.Diagnostics.NamespaceStats stats)
    {
        var mapped = new NamespaceStats
        {
            Namespace = stats.Name,
            Entries = stats.Entries,
            Partitions = stats.Partitions,
            Bytes = stats.Bytes,
            MemoryBytes = stats.MemoryBytes,
            VectorBytes = stats.VectorBytes,
            Lookups = stats.Lookups,
            ExactHits = stats.ExactHits,
            SemanticHits = stats.SemanticHits,
            Saved = ToSavings(stats.Saved),
            Stores = stats.Stores,
            Evicted = stats.Evicted,
            EntriesWithoutVector = stats.WithoutVector,
            LookupLatency = new LatencyQuantiles
            {
                P50 = Duration.FromTimeSpan(stats.LookupLatency.P50),
                P95 = Duration.FromTimeSpan(stats.LookupLatency.P95),
                P99 = Duration.FromTimeSpan(stats.LookupLatency.P99),
                Max = Duration.FromTimeSpan(stats.LookupLatency.Max),
            },
        };
        mapped.Misses.Add(stats.Misses.Select(miss => new MissCount { Reason = ToReason(miss.Key), Count = miss.Value }));
        return mapped;
    }

    private static Outcome ToOutcome(LookupOutcome outcome) => outcome switch
    {
        LookupOutcome.ExactHit => Outcome.ExactHit,
        LookupOutcome.SemanticHit => Outcome.SemanticHit,
        LookupOutcome.Miss => Outcome.Miss,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static V1.MissReason ToReason(Core.MissReason reason) => reason switch
    {
        Core.MissReason.None => V1.MissReason.Unspecified,
        Core.MissReason.NoCandidate => V1.MissReason.NoCandidate,
        Core.MissReason.BelowThreshold => V1.MissReason.BelowThreshold,
        Core.MissReason.Expired => V1.MissReason.Expired,
        Core.MissReason.TooOld => V1.MissReason.TooOld,
        Core.MissReason.OverWindow => V1.MissReason.OverWindow,
        Core.MissReason.Unreadable => V1.MissReason.Unreadable,
        Core.MissReason.UnknownWord => V1.MissReason.UnknownWord,
        Core.MissReason.Guarded => V1.MissReason.Guarded,
        Core.MissReason.Unverified => V1.MissReason.Unverified,
        Core.MissReason.VerifierUnavailable => V1.MissReason.VerifierUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static Candidate ToCandidate(CandidateReport report)
    {
        var candidate = new Candidate
        {
            EntryId = report.EntryId.ToId(),
            Similarity = report.Similarity,
            Served = report.Served,
            RejectedBecause = ToReason(report.RejectedBecause),
            Prompt = report.Prompt is null ? null : ToPrompt(report.Prompt),
            Guard = ToGuard(report.Guard),
        };
        if (report.Probability is { } probability)
        {
            candidate.Probability = probability;
        }

        return candidate;
    }

    private static Guard? ToGuard(GuardReport? guard) =>
        guard is null ? null : new Guard { Name = guard.Name, Asked = guard.Asked, Stored = guard.Stored };

    private static V1.Prompt ToPrompt(Core.Prompt prompt) => prompt.Messages is not { } messages
        ? new V1.Prompt { Text = prompt.Text }
        : new V1.Prompt
        {
            Conversation = new Conversation
            {
                Messages = { messages.Select(message => new V1.Message { Role = message.Role, Content = message.Content }) },
            },
        };

    private static Response ToResponse(CachedResponse response) => response.IsText
        ? new Response { Text = response.Text, ContentType = response.ContentType }
        : new Response { Data = UnsafeByteOperations.UnsafeWrap(response.Body), ContentType = response.ContentType };

    private static V1.Usage? ToUsage(Core.Usage? usage) => usage is null
        ? null
        : new V1.Usage
        {
            Model = usage.Model,
            PromptTokens = usage.PromptTokens,
            CompletionTokens = usage.CompletionTokens,
            Cost = usage.Cost,
            Latency = Duration.FromTimeSpan(usage.Latency),
            TimeToFirstToken = Duration.FromTimeSpan(usage.TimeToFirstToken),
            FinishReason = usage.FinishReason,
        };

    private static V1.Savings ToSavings(Core.Savings saved) => new()
    {
        Tokens = saved.Tokens,
        Cost = saved.Cost,
        Time = Duration.FromTimeSpan(saved.Time),
    };
}
