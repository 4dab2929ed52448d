using SemCache.Core.Diagnostics;

namespace SemCache.Core.Storage;

/// <summary>What callers are told while the entry log cannot be written.</summary>
internal static class LogRefusal
{
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Nothing was appended.</summary>
    public static Exception OfAppend(LogStatus status) => Of(
        status, $"{Sentence(status)}: nothing is stored or removed until that ends, lookups go on.");

    /// <summary>Something was appended and applied, and is not on the device.</summary>
    public static Exception OfCommit(LogStatus status) => Of(
        status,
        $"The change is in the cache, but not durable yet: {char.ToLowerInvariant(Sentence(status)[0])}{Sentence(status)[1..]}. "
        + "It is written when that ends; a restart before loses it.");

    /// <summary>The write buffer has been full for too long.</summary>
    public static Exception OfFullBuffer(TimeSpan lasting) => new LimitReachedException(
        $"The write buffer of the entry log (SemCache:Storage:MemorySize) has been full for {lasting.TotalSeconds:0} s: "
        + "its device takes records more slowly than they come.",
        _retryAfter);

    private static Exception Of(LogStatus status, string message) => status.State == LogState.DiskFull
        ? new LimitReachedException(message, _retryAfter)
        : new CacheUnavailableException(message);

    private static string Sentence(LogStatus status) => status.State == LogState.DiskFull
        ? $"The device of the entry log is full ({status.Reason})"
        : $"The entry log cannot be written ({status.Reason})";
}
