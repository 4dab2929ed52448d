namespace SemCache.Core;

/// <summary>Stores the response of a prompt.</summary>
public sealed class StoreCommand
{
    /// <summary>Tenant and configuration boundary; empty means <c>default</c>.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Attributes that must match exactly for the response to be reusable.</summary>
    public IReadOnlyDictionary<string, string> Scope { get; init; } = Prompts.CanonicalScope.NoAttributes;

    /// <summary>What was asked. An entry for the same namespace, scope and prompt is replaced.</summary>
    public required Prompt Prompt { get; init; }

    /// <summary>What the model answered.</summary>
    public required CachedResponse Response { get; init; }

    /// <summary>What the call took and cost; null when unknown.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Time to live from now; null for the namespace's default.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Labels to invalidate by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The decision of the lookup that missed, whose embedding is reused; null for none.</summary>
    public Guid? DecisionId { get; init; }

    /// <summary>
    /// When nobody needs the answer any more; null for never. A store whose work cannot begin before is not worked on.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }
}

/// <summary>Why a response is refused a place in the cache.</summary>
public enum NotAdmittedReason
{
    /// <summary>It was admitted.</summary>
    None,

    /// <summary>There is nothing in it.</summary>
    EmptyResponse,

    /// <summary>The model did not come to an end of its own.</summary>
    FinishReason,

    /// <summary>Larger than <see cref="LimitsOptions.MaxResponseBytes"/>.</summary>
    TooLarge,
}

/// <summary>What became of a store.</summary>
/// <param name="EntryId">The new entry; null when it was not admitted.</param>
/// <param name="NotAdmitted">Why it was not admitted.</param>
/// <param name="Message">The same in words; empty when it was admitted.</param>
public sealed record StoreResult(Guid? EntryId, NotAdmittedReason NotAdmitted = NotAdmittedReason.None, string Message = "");
