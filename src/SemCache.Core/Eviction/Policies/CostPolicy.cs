using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>
/// GreedyDual-Size-Frequency (Cherkasova, "Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency Caching
/// Policy", HP Laboratories 1998): what goes saves least, a byte that it takes.
/// </summary>
/// <remarks>
/// The saving of an entry that does not know its own is the mean of those that do, or 1. What callers claim is bounded by
/// 1,000 times that mean: one absurd claim neither stays for ever nor distorts what the others are worth.
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
    private int _known;

    public override void Added(Entry entry)
    {
        if (!float.IsNaN(entry.Saving) && _known == 0)
        {
            Volatile.Write(ref _mean, entry.Saving);
        }

        // Before the mean knows of it: a claim must not raise what it is held to.
        base.Added(entry);
        Learn(entry);
    }

    public override void Restored(Entry entry)
    {
        base.Restored(entry);
        Learn(entry);
    }

    private void Learn(Entry entry)
    {
        if (!float.IsNaN(entry.Saving))
        {
            if (_known == 0)
            {
                Volatile.Write(ref _mean, entry.Saving);
            }

            _known = Math.Min(_known + 1, MeanOf);
            double mean = Volatile.Read(ref _mean);
            Volatile.Write(ref _mean, mean + ((Claim(entry, mean) - mean) / _known));
        }
    }

    protected override double Worth(Entry entry, int hits)
    {
        double mean = Volatile.Read(ref _mean);
        return hits * (float.IsNaN(entry.Saving) ? mean : Claim(entry, mean)) / entry.Partition.WeightOf(entry);
    }

    private static double Claim(Entry entry, double mean) => Math.Min(entry.Saving, LargestClaim * mean);
}
