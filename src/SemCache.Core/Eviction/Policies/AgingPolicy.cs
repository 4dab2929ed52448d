using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>
/// Rank = age of the namespace + worth of the entry. The age is the highest rank that a victim has had: what was worth much
/// long ago sinks below what is worth a little now, and no entry is ever touched for it (Cao and Irani, "Cost-Aware WWW
/// Proxy Caching Algorithms", USENIX Symposium on Internet Technologies and Systems 1997).
/// </summary>
/// <param name="sample">Some entry of the namespace by a random number; null when there is none.</param>
/// <param name="random">Where random numbers come from.</param>
internal abstract class AgingPolicy(Func<uint, Entry?> sample, Random random) : SampledPolicy(sample, random)
{
    // Written by the evictor. What lookups make of it is a rank, for which an age of a moment ago does as well.
    private double _age;

    private readonly Lock _restoring = new();
    private bool _isRestored;

    public override void Added(Entry entry) => Rank(entry);

    // No victim's rank is known. It was about the lowest of those that were left: what comes now must not go before them.
    public override void Restored(Entry entry)
    {
        lock (_restoring)
        {
            Volatile.Write(ref _age, _isRestored ? Math.Min(_age, entry.Rank) : entry.Rank);
            _isRestored = true;
        }
    }

    public override void Hit(Entry entry)
    {
        entry.Hits++;
        Rank(entry);
    }

    protected override void Chosen(Entry victim) => Volatile.Write(ref _age, Math.Max(_age, victim.Rank));

    /// <summary>What an entry is worth if it is served so many times.</summary>
    protected abstract double Worth(Entry entry, int hits);

    /// <summary>
    /// The rank that an entry would have if it had come, or been served, just now. One hit is expected of an entry that had
    /// none: else what was stored last would be the next to go.
    /// </summary>
    protected double RankNow(Entry entry) => Volatile.Read(ref _age) + Worth(entry, entry.Hits + 1);

    private void Rank(Entry entry) => entry.Rank = RankNow(entry);
}
