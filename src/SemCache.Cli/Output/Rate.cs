namespace SemCache.Cli.Output;

/// <summary>Entries over time.</summary>
internal static class Rate
{
    public static long PerMinute(long entries, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? (long)(entries / elapsed.TotalMinutes) : 0;
}
