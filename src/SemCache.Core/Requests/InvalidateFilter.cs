namespace SemCache.Core;

/// <summary>
/// Selects entries of one namespace. An entry is selected when it satisfies every condition that is given; at least
/// one must be.
/// </summary>
public sealed class InvalidateFilter
{
    /// <summary>Whose entries; empty means <c>default</c>.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Only these entries.</summary>
    public IReadOnlyList<Guid> EntryIds { get; init; } = [];

    /// <summary>Only entries for exactly this prompt.</summary>
    public Prompt? Prompt { get; init; }

    /// <summary>Only entries that have at least one of these tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only entries whose scope has all of these attributes.</summary>
    public IReadOnlyDictionary<string, string> Scope { get; init; } = Prompts.CanonicalScope.NoAttributes;

    /// <summary>Only entries that were stored before this time.</summary>
    public DateTimeOffset? StoredBefore { get; init; }

    /// <summary>Every entry of the namespace that satisfies the other conditions.</summary>
    public bool EntireNamespace { get; init; }

    /// <summary>Counts, and removes nothing.</summary>
    public bool DryRun { get; init; }
}
