using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>
/// The victim is the entry with the lowest <see cref="Entry.Rank"/> of a sample. The lowest of earlier samples are kept, as
/// Redis does, so that the choice comes close to the lowest of all.
/// </summary>
/// <param name="sample">Some entry of the namespace by a random number; null when there is none.</param>
/// <param name="random">Where random numbers come from.</param>
internal abstract class SampledPolicy(Func<uint, Entry?> sample, Random random) : IEvictionPolicy
{
    private const int SampleSize = 16;
    private const int PoolSize = 16;

    // Lookups may serve what is chosen faster than it is looked at again.
    private const int MostLooks = 2 * PoolSize;

    // In ascending order of the ranks that the entries had when they were drawn.
    private readonly List<(double Rank, Entry Entry)> _pool = new(PoolSize + 1);

    public long Bytes => 0;

    public abstract void Added(Entry entry);

    public abstract void Restored(Entry entry);

    public abstract void Hit(Entry entry);

    public void Removed(Entry entry)
    {
        // Samples come from the namespace's own table.
    }

    public Entry? NextVictim(IReadOnlySet<Entry> taken)
    {
        for (int i = 0; i < SampleSize; i++)
        {
            if (sample((uint)random.NextInt64(1L << 32)) is { } drawn && !taken.Contains(drawn))
            {
                Keep(drawn);
            }
        }

        for (int look = 1; _pool.Count > 0; look++)
        {
            (double rank, Entry lowest) = _pool[0];
            _pool.RemoveAt(0);
            if (lowest.IsRemoved || taken.Contains(lowest))
            {
                continue;
            }

            if (!(lowest.Rank > rank) || look >= MostLooks)
            {
                Chosen(lowest);
                return lowest;
            }

            // It was served meanwhile.
            Keep(lowest);
        }

        return null;
    }

    public void Spare(Entry victim)
    {
        // It is still where samples come from.
    }

    /// <summary>An entry was chosen as victim.</summary>
    protected virtual void Chosen(Entry victim)
    {
    }

    /// <summary>An entry was drawn. Its rank may be set right before it is looked at.</summary>
    protected virtual void Drawn(Entry entry)
    {
    }

    private void Keep(Entry entry)
    {
        Drawn(entry);
        double rank = entry.Rank;
        int place = _pool.Count;
        for (int i = _pool.Count - 1; i >= 0; i--)
        {
            if (_pool[i].Entry == entry)
            {
                return;
            }

            place = _pool[i].Rank > rank ? i : place;
        }

        if (place < PoolSize)
        {
            _pool.Insert(place, (rank, entry));
            if (_pool.Count > PoolSize)
            {
                _pool.RemoveAt(PoolSize);
            }
        }
    }
}
