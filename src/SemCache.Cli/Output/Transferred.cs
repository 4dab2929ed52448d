namespace SemCache.Cli.Output;

/// <summary>Says how many bytes came, of how many, and how fast.</summary>
internal static class Transferred
{
    public static string Describe(long bytes, long? total, TimeSpan elapsed)
    {
        var whole = total is > 0 and { } known ? $" of {Humanized.Bytes(known)}" : "";
        var rate = Humanized.Bytes((long)(bytes / Math.Max(elapsed.TotalSeconds, 0.001)));
        return $"{Humanized.Bytes(bytes)}{whole}, {rate}/s";
    }
}
