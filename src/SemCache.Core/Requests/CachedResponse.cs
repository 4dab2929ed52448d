namespace SemCache.Core;

/// <summary>What a model answered. Comes back byte for byte as it was stored.</summary>
/// <param name="Body">The body; UTF-8 when <paramref name="IsText"/>.</param>
/// <param name="IsText">Whether the body is a text.</param>
/// <param name="ContentType">Media type of the body; empty when the caller named none.</param>
public sealed record CachedResponse(ReadOnlyMemory<byte> Body, bool IsText, string ContentType)
{
    /// <summary>A textual response.</summary>
    public static CachedResponse FromText(string text, string contentType = "") =>
        new(System.Text.Encoding.UTF8.GetBytes(text), IsText: true, contentType);

    /// <summary>The body as a text. Only meaningful when <see cref="IsText"/>.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Body.Span);
}

/// <summary>What the original call of the model took and cost.</summary>
/// <param name="Model">The model that answered.</param>
/// <param name="PromptTokens">Tokens read; not negative.</param>
/// <param name="CompletionTokens">Tokens written; not negative.</param>
/// <param name="Cost">Cost of the call in the caller's currency; finite, not negative.</param>
/// <param name="Latency">Time to the last token; not negative.</param>
/// <param name="TimeToFirstToken">Time to the first token; not negative.</param>
/// <param name="FinishReason">Why the model stopped; empty when unknown.</param>
public sealed record Usage(
    string Model = "",
    long PromptTokens = 0,
    long CompletionTokens = 0,
    double Cost = 0,
    TimeSpan Latency = default,
    TimeSpan TimeToFirstToken = default,
    string FinishReason = "")
{
    /// <summary>What a hit on an entry with this usage saves.</summary>
    public Savings Saved => new Savings(PromptTokens, Cost, Latency) + new Savings(CompletionTokens, 0, TimeSpan.Zero);
}

/// <summary>What hits spared their callers.</summary>
/// <param name="Tokens">Prompt and completion tokens.</param>
/// <param name="Cost">Cost, in the unit of <see cref="Usage.Cost"/>.</param>
/// <param name="Time">Time that was not waited for.</param>
public readonly record struct Savings(long Tokens, double Cost, TimeSpan Time)
{
    // The longest duration that the contract can carry: 10,000 years.
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(315_576_000_000);

    /// <summary>The sum, of which each part stops at its greatest value: callers may claim anything.</summary>
    public static Savings operator +(Savings left, Savings right) => new(
        (long)Int128.Min((Int128)left.Tokens + right.Tokens, long.MaxValue),
        Math.Min(left.Cost + right.Cost, double.MaxValue),
        left.Time < _longest - right.Time ? left.Time + right.Time : _longest);
}

/// <summary>A stored prompt with its response, as read from the entry log.</summary>
/// <param name="EntryId">Stable for the life of the entry.</param>
/// <param name="Namespace">The namespace that it belongs to.</param>
/// <param name="Scope">Attributes that must match exactly.</param>
/// <param name="Prompt">The prompt in canonical form.</param>
/// <param name="Response">The response.</param>
/// <param name="Usage">What the original call took; null when the caller did not say.</param>
/// <param name="Tags">Labels to invalidate by.</param>
/// <param name="CreatedAt">When it was stored.</param>
/// <param name="ExpiresAt">From when on it is no longer served.</param>
public sealed record CachedEntry(
    Guid EntryId,
    string Namespace,
    IReadOnlyDictionary<string, string> Scope,
    Prompt Prompt,
    CachedResponse Response,
    Usage? Usage,
    IReadOnlyList<string> Tags,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt);
