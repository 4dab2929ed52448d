using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lru;
using SemCache.Core.Partitions;

namespace SemCache.Core.Matching;

/// <summary>What a lookup that missed leaves for the store that follows it.</summary>
/// <param name="Partition">Where it looked.</param>
/// <param name="Text">The canonical text that it looked for.</param>
/// <param name="Vector">The text's embedding.</param>
internal sealed record PendingDecision(PartitionIdentity Partition, string Text, float[] Vector);

/// <summary>The latest decisions that missed, so that a store need not embed what its lookup has embedded.</summary>
internal sealed class PendingDecisions(int capacity)
{
    private readonly ConcurrentLru<Guid, PendingDecision> _decisions = new(capacity);

    public void Add(Guid decisionId, PendingDecision decision) => _decisions.AddOrUpdate(decisionId, decision);

    /// <summary>Finds a decision; false when it is unknown or was pushed out by later ones.</summary>
    public bool TryGet(Guid decisionId, [NotNullWhen(true)] out PendingDecision? decision) =>
        _decisions.TryGet(decisionId, out decision);
}
