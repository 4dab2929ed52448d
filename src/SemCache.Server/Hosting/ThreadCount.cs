using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>
/// Keeps threads at hand for connections and for what costs little while all turns to search are taken. Searches run on threads of the
/// pool, which starts with no more threads than there are processors. Were there no more threads than turns, calls would wait
/// for a thread, where nobody counts them, instead of for a turn: none would be refused, and each would wait for all before it,
/// until the pool decides, by the tenth of a second, to add a thread.
/// </summary>
internal static class ThreadCount
{
    /// <param name="limits">How many searches there are at a time.</param>
    public static void Raise(LimitsOptions limits)
    {
        int searches = Math.Max(limits.MaxConcurrentSearches ?? 0, Environment.ProcessorCount);
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.SetMinThreads(Math.Clamp(searches + Environment.ProcessorCount, workers, most), completions);
    }
}
