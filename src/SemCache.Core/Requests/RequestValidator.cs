using System.Globalization;
using System.Text;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.Core.Requests;

/// <summary>
/// Checks requests against the limits and brings them into canonical form. Every error names the field as the contract
/// does, what is wrong with it, and what is allowed.
/// </summary>
internal sealed class RequestValidator(LimitsOptions limits)
{
    private const int MaxRoleBytes = 64;
    private const int MaxLabelBytes = 256;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Namespace(string name)
    {
        if (name.Length == 0)
        {
            return NamespaceName.Default;
        }

        return NamespaceName.IsValid(name)
            ? name
            : throw new InvalidRequestException("namespace", $"is not a name; allowed is {NamespaceName.Rule}");
    }

    public CanonicalScope Scope(IReadOnlyDictionary<string, string> scope)
    {
        if (scope.Count == 0)
        {
            return CanonicalScope.Empty;
        }

        AtMost("scope", scope.Count, limits.MaxScopeAttributes, "attributes", nameof(limits.MaxScopeAttributes));
        int bytes = 0;
        foreach ((string key, string value) in scope)
        {
            if (key.Length == 0)
            {
                throw new InvalidRequestException("scope", "has an empty key; allowed are keys of at least one character");
            }

            bytes += Utf8("scope", key) + Utf8("scope", value);
        }

        AtMost("scope", bytes, limits.MaxScopeBytes, "bytes", nameof(limits.MaxScopeBytes));
        return CanonicalScope.Of(scope);
    }

    public CanonicalPrompt Prompt(Prompt prompt)
    {
        // Composing makes some texts up to three times as long, and what is stored is the composed text.
        PromptSize(prompt);
        CanonicalPrompt canonical = CanonicalPrompt.Of(prompt);
        PromptSize(canonical.Source);
        return canonical;
    }

    public double Threshold(double? requested, NamespaceSettings settings)
    {
        if (requested is not { } threshold)
        {
            return settings.Threshold;
        }

        return threshold >= settings.MinThreshold && threshold <= settings.MaxThreshold
            ? threshold
            : throw new InvalidRequestException(
                "threshold",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is {threshold}; this namespace allows {settings.MinThreshold} to {settings.MaxThreshold}"));
    }

    public static void MaxAge(TimeSpan? maxAge)
    {
        if (maxAge is { } age && age <= TimeSpan.Zero)
        {
            throw new InvalidRequestException("max_age", $"is {Seconds(age)}; allowed is more than 0 s");
        }
    }

    public void Candidates(int candidates)
    {
        if (candidates < 0 || candidates > limits.MaxCandidates)
        {
            throw new InvalidRequestException(
                "candidates", $"is {candidates}; allowed is 0 to {limits.MaxCandidates} (SemCache:Limits:MaxCandidates)");
        }
    }

    public static TimeSpan Ttl(TimeSpan? requested, NamespaceSettings settings)
    {
        if (requested is not { } ttl)
        {
            return settings.Ttl;
        }

        return ttl > TimeSpan.Zero && ttl <= settings.MaxTtl
            ? ttl
            : throw new InvalidRequestException(
                "ttl", $"is {Seconds(ttl)}; allowed is more than 0 s, at most {Seconds(settings.MaxTtl)}");
    }

    public string[] Tags(IReadOnlyList<string> tags)
    {
        AtMost("tags", tags.Count, limits.MaxTags, "tags", nameof(limits.MaxTags));
        for (int i = 0; i < tags.Count; i++)
        {
            if (tags[i].Length == 0)
            {
                throw new InvalidRequestException($"tags[{i}]", "is empty; allowed is at least one character");
            }

            AtMost($"tags[{i}]", Utf8($"tags[{i}]", tags[i]), limits.MaxTagBytes, "bytes", nameof(limits.MaxTagBytes));
        }

        return tags.Count == 0 ? [] : [.. tags.Distinct(StringComparer.Ordinal)];
    }

    public static void Response(CachedResponse response) =>
        AtMost(
            "response.content_type", Utf8(response.ContentType), MaxLabelBytes, "bytes", null);

    public static void Usage(Usage? usage)
    {
        if (usage is null)
        {
            return;
        }

        AtMost("usage.model", Utf8(usage.Model), MaxLabelBytes, "bytes", null);
        AtMost("usage.finish_reason", Utf8(usage.FinishReason), MaxLabelBytes, "bytes", null);
        NotNegative("usage.prompt_tokens", usage.PromptTokens);
        NotNegative("usage.completion_tokens", usage.CompletionTokens);
        NotNegative("usage.latency", usage.Latency.Ticks);
        NotNegative("usage.time_to_first_token", usage.TimeToFirstToken.Ticks);
        if (!(double.IsFinite(usage.Cost) && usage.Cost >= 0))
        {
            throw new InvalidRequestException(
                "usage.cost",
                string.Create(CultureInfo.InvariantCulture, $"is {usage.Cost}; allowed is a finite number from 0 on"));
        }
    }

    public void Invalidation(InvalidateFilter filter)
    {
        AtMost(
            "entry_ids", filter.EntryIds.Count, limits.MaxInvalidateIds, "ids", nameof(limits.MaxInvalidateIds));
        if (!filter.EntireNamespace && filter.EntryIds.Count == 0 && filter.Prompt is null && filter.Tags.Count == 0
            && filter.Scope.Count == 0 && filter.StoredBefore is null)
        {
            throw new InvalidRequestException(
                "entire_namespace",
                "is false and no condition is given; allowed is at least one of entry_ids, prompt, tags, scope, "
                + "stored_before, or entire_namespace");
        }
    }

    private void PromptSize(Prompt prompt)
    {
        if (prompt.Messages is not { } messages)
        {
            AtMost("prompt.text", Utf8(prompt.Text!), limits.MaxPromptBytes, "bytes", nameof(limits.MaxPromptBytes));
            return;
        }

        const string field = "prompt.conversation.messages";
        AtMost(field, messages.Count, limits.MaxMessages, "messages", nameof(limits.MaxMessages));
        long bytes = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            AtMost($"{field}[{i}].role", Utf8(messages[i].Role), MaxRoleBytes, "bytes", null);
            bytes += Utf8(messages[i].Role) + Utf8(messages[i].Content);
        }

        AtMost(field, bytes, limits.MaxPromptBytes, "bytes", nameof(limits.MaxPromptBytes));
    }

    private static int Utf8(string text) => Encoding.UTF8.GetByteCount(text);

    // For texts that are compared as they came. The entry log keeps UTF-8, in which all halves of surrogate pairs are the
    // same: two scopes that differ in one would be one scope after the next start.
    private static int Utf8(string field, string text)
    {
        try
        {
            return _strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw new InvalidRequestException(field, "holds half of a surrogate pair; allowed is valid Unicode");
        }
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");

    private static void NotNegative(string field, long value)
    {
        if (value < 0)
        {
            throw new InvalidRequestException(field, $"is {value}; allowed is 0 or more");
        }
    }

    private static void AtMost(string field, long value, long max, string unit, string? option)
    {
        if (value > max)
        {
            string source = option is null ? "" : $" (SemCache:Limits:{option})";
            throw new InvalidRequestException(field, $"has {value} {unit}; allowed are at most {max}{source}");
        }
    }
}
