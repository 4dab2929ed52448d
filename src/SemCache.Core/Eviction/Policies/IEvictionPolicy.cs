using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>Chooses which entries of one namespace go when a budget is used up.</summary>
/// <remarks>
/// <see cref="Added"/>, <see cref="Restored"/> and <see cref="Removed"/> are called under the gate of the entry's partition, for many partitions at
/// the same time. <see cref="Hit"/> is called on the way of a lookup: from any thread, without a lock, and it neither waits
/// nor allocates. <see cref="NextVictim"/> and <see cref="Spare"/> are the evictor's, who is alone.
/// </remarks>
internal interface IEvictionPolicy
{
    /// <summary>Bytes of memory that the policy takes beside the entries.</summary>
    long Bytes { get; }

    /// <summary>An entry is about to join.</summary>
    void Added(Entry entry);

    /// <summary>
    /// An entry is back after a start, as this policy knew it: hits, rank and mark are what they were. Before the first
    /// <see cref="Hit"/>.
    /// </summary>
    void Restored(Entry entry);

    /// <summary>An entry was served.</summary>
    void Hit(Entry entry);

    /// <summary>An entry has left, as a victim or otherwise.</summary>
    void Removed(Entry entry);

    /// <summary>The entry to go next; null when there is none.</summary>
    /// <param name="taken">Victims that have not left yet: none of them comes again.</param>
    Entry? NextVictim(IReadOnlySet<Entry> taken);

    /// <summary>A victim stays after all: it could not be removed.</summary>
    void Spare(Entry victim);
}
