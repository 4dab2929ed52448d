namespace SemCache.Core.Tests.Support;

/// <summary>Counts what the thread of a test allocates.</summary>
internal static class Allocations
{
    private const int Rounds = 20;

    /// <summary>
    /// Bytes of the round with the fewest: tests beside this one may take what is pooled, and the collector trims it.
    /// </summary>
    /// <param name="act">What is done in each round, on this thread only.</param>
    /// <param name="enough">No further round is done at or below it.</param>
    public static long Least(Action act, long enough)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > enough; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
