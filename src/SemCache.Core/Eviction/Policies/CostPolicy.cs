using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>
/// GreedyDual-Size-Frequency (Cherkasova, "Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency Caching
/// Policy", HP Laboratories 1998): what goes saves least, a byte that it takes.
/// </summary>
/// <remarks>
/// The saving of an entry that does not know its own is the geometric mean of those that do, or 1: no claim moves the
/// logarithm of it by much, whichever comes first. What callers claim is bounded by 1,000 times that mean, even when it was
/// believed at first: one absurd claim neither stays for ever nor distorts what the others are worth.
/// </remarks>
/// <param name="sample">Some entry of the namespace by a random number; null when there is none.</param>
/// <param name="random">Where random numbers come from.</param>
internal sealed class CostPolicy(Func<uint, Entry?> sample, Random random) : AgingPolicy(sample, random)
{
    private const double LargestClaim = 1000;

    // The mean follows the last so many entries.
    private const int MeanOf = 1000;

    // Two that change the mean at the same moment may lose one of the two: it is a mean of many.
    private double _mean = 1;
    private double _logarithm;
    private int _known;

    public override void Added(Entry entry)
    {
        // There is nothing to hold the first claim to. The mean must not know of any other yet: a claim must not raise what it
        // is held to.
        bool isFirst = _known == 0;
        if (isFirst)
        {
            Learn(entry);
        }

        base.Added(entry);
        if (!isFirst)
        {
            Learn(entry);
        }
    }

    public override void Restored(Entry entry)
    {
        base.Restored(entry);
        Learn(entry);
    }

    protected override double Worth(Entry entry, int hits)
    {
        double mean = Volatile.Read(ref _mean);
        double saving = float.IsNaN(entry.Saving) ? mean : Math.Min(entry.Saving, LargestClaim * mean);
        return hits * saving / entry.Partition.WeightOf(entry);
    }

    // What was believed of it when little was known may be far above all that its namespace will ever come to.
    protected override void Drawn(Entry entry)
    {
        if (entry.Saving > LargestClaim * Volatile.Read(ref _mean))
        {
            entry.Rank = Math.Min(entry.Rank, RankNow(entry));
        }
    }

    private void Learn(Entry entry)
    {
        if (!float.IsNaN(entry.Saving))
        {
            _known = Math.Min(_known + 1, MeanOf);
            _logarithm += (Math.Log(entry.Saving) - _logarithm) / _known;
            Volatile.Write(ref _mean, Math.Exp(_logarithm));
        }
    }
}
