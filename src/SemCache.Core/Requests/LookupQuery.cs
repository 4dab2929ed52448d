namespace SemCache.Core;

/// <summary>Asks for the response of a prompt.</summary>
public sealed class LookupQuery
{
    /// <summary>Tenant and configuration boundary; empty means <c>default</c>.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Attributes that must match exactly for a response to be reusable.</summary>
    public IReadOnlyDictionary<string, string> Scope { get; init; } = Prompts.CanonicalScope.NoAttributes;

    /// <summary>What is about to be asked.</summary>
    public required Prompt Prompt { get; init; }

    /// <summary>Lowest similarity at which an entry may be considered; null for the namespace's threshold.</summary>
    public double? Threshold { get; init; }

    /// <summary>Entries stored longer ago than this are passed over; null for no limit.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>How many nearest entries to report, 0 up to <see cref="LimitsOptions.MaxCandidates"/>.</summary>
    public int Candidates { get; init; }

    /// <summary>Also reports the candidates' prompts and what decided each.</summary>
    public bool Explain { get; init; }

    /// <summary>
    /// When nobody needs the answer any more; null for never. A lookup whose work cannot begin before is not worked on.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// Whether this is one of many whose caller sends no more than he waits for. It gives way to lookups that are not, and
    /// is never refused for their number: whoever sends bounds how many of his own there are.
    /// </summary>
    public bool IsBulk { get; init; }
}

/// <summary>How a lookup ended.</summary>
public enum LookupOutcome
{
    /// <summary>Nothing may be reused.</summary>
    Miss,

    /// <summary>The canonical prompt was stored, character for character.</summary>
    ExactHit,

    /// <summary>An entry of the same meaning was found.</summary>
    SemanticHit,
}

/// <summary>Why a lookup missed, or why a candidate was passed over.</summary>
public enum MissReason
{
    /// <summary>Not a miss.</summary>
    None,

    /// <summary>The partition holds nothing that could be compared.</summary>
    NoCandidate,

    /// <summary>The nearest entry's similarity is below the threshold.</summary>
    BelowThreshold,

    /// <summary>The nearest entry's time to live is over.</summary>
    Expired,

    /// <summary>The nearest entry is older than the lookup allows.</summary>
    TooOld,

    /// <summary>The prompt has more tokens than the embedder reads.</summary>
    OverWindow,

    /// <summary>The nearest entry's record in the entry log is damaged.</summary>
    Unreadable,

    /// <summary>The prompt has a word that the embedder's vocabulary cannot spell.</summary>
    UnknownWord,

    /// <summary>A guard found that the two prompts differ in something that matters.</summary>
    Guarded,

    /// <summary>The verifier's probability that one answer serves both prompts is below the bar.</summary>
    Unverified,

    /// <summary>The verifier failed, or did not answer in time.</summary>
    VerifierUnavailable,
}

/// <summary>An entry that a lookup compared.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Similarity">Cosine similarity of the two prompts, −1…1.</param>
/// <param name="Served">Whether this is the entry served.</param>
/// <param name="RejectedBecause">
/// Why it was passed over; <see cref="MissReason.None"/> when it was not: it was served, a better one was, or it lies
/// behind those that are looked at.
/// </param>
/// <param name="Prompt">The entry's prompt; only when the lookup asked for an explanation.</param>
/// <param name="Guard">The guard that stopped it, with what differs; null when none did.</param>
/// <param name="Probability">
/// The verifier's probability that one answer serves both prompts, 0…1; null when it was not asked.
/// </param>
public sealed record CandidateReport(
    Guid EntryId,
    double Similarity,
    bool Served,
    MissReason RejectedBecause,
    Prompt? Prompt,
    GuardReport? Guard = null,
    double? Probability = null);

/// <summary>A guard that stopped a candidate.</summary>
/// <param name="Name">The guard's name.</param>
/// <param name="Asked">
/// What the prompt that was looked up says, as far as it differs; empty unless the lookup asked for an explanation.
/// </param>
/// <param name="Stored">What the entry's prompt says instead; empty likewise.</param>
public sealed record GuardReport(string Name, string Asked, string Stored);

/// <summary>What a lookup found.</summary>
public sealed class LookupResult
{
    /// <summary>Identifies this decision.</summary>
    public required Guid DecisionId { get; init; }

    /// <summary>Exactly one of exact hit, semantic hit and miss.</summary>
    public required LookupOutcome Outcome { get; init; }

    /// <summary>The threshold that the lookup was held to.</summary>
    public required double Threshold { get; init; }

    /// <summary>Similarity of the entry served, −1…1; 1 for an exact hit, 0 on a miss.</summary>
    public double Similarity { get; init; }

    /// <summary>The entry served; null on a miss.</summary>
    public CachedEntry? Entry { get; init; }

    /// <summary>How long ago the entry was stored.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Why nothing was served.</summary>
    public MissReason MissReason { get; init; }

    /// <summary>Similarity of the nearest entry on a miss; null when nothing was compared.</summary>
    public double? NearestSimilarity { get; init; }

    /// <summary>The guard that stopped the candidate which the miss reason is about; null when none did.</summary>
    public GuardReport? Guard { get; init; }

    /// <summary>
    /// The verifier's probability, 0…1, that one answer serves both prompts: of the entry served, or on a miss of the
    /// candidate which the miss reason is about. Null when the verifier was not asked.
    /// </summary>
    public double? Probability { get; init; }

    /// <summary>The probability that the verifier had to reach, 0…1; null when the namespace does not verify.</summary>
    public double? Bar { get; init; }

    /// <summary>The nearest entries, best first, when the lookup asked for them.</summary>
    public IReadOnlyList<CandidateReport> Candidates { get; init; } = [];
}
