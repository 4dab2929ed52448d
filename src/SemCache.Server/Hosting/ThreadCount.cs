namespace SemCache.Server.Hosting;

/// <summary>
/// Keeps threads at hand for connections and for what costs little. As many searches run at a time as there are processors, each on
/// a thread of the pool, and the pool starts with no more threads than that: what comes beside them would wait until it
/// decides, by the tenth of a second, to add one.
/// </summary>
internal static class ThreadCount
{
    public static void Raise()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, 2 * Environment.ProcessorCount), completions);
    }
}
