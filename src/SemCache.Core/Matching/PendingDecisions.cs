using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lru;
using SemCache.Core.Prompts;

namespace SemCache.Core.Matching;

/// <summary>What a lookup that missed leaves for the store that follows it.</summary>
/// <param name="Asked">Digest of what it looked for and where: texts and scopes are too large to be kept.</param>
/// <param name="Vector">The text's embedding.</param>
internal sealed record PendingDecision(UInt128 Asked, float[] Vector)
{
    /// <summary>The digest of a canonical text and the partition that it belongs to.</summary>
    public static UInt128 DigestOf(UInt128 partition, string text)
    {
        using var digest = new DigestBuilder();
        digest.Append(partition);
        digest.Append(text);
        return digest.ToUInt128();
    }
}

/// <summary>The latest decisions that missed, so that a store need not embed what its lookup has embedded.</summary>
internal sealed class PendingDecisions(int capacity)
{
    private readonly ConcurrentLru<Guid, PendingDecision> _decisions = new(capacity);

    public void Add(Guid decisionId, PendingDecision decision) => _decisions.AddOrUpdate(decisionId, decision);

    /// <summary>Finds a decision; false when it is unknown or was pushed out by later ones.</summary>
    public bool TryGet(Guid decisionId, [NotNullWhen(true)] out PendingDecision? decision) =>
        _decisions.TryGet(decisionId, out decision);
}
