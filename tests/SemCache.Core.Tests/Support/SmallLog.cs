using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Support;

/// <summary>Logs with segments that a test fills in no time.</summary>
internal static class SmallLog
{
    public const long PageBytes = 64 << 10;
    public const long SegmentBytes = 2 * PageBytes;

    public static (string Key, string Value)[] Options { get; } =
    [
        ("Storage:PageSize", "65536"), ("Storage:SegmentSize", "131072"), ("Storage:MemorySize", "524288"),
        ("Limits:MaxPromptBytes", "4096"), ("Limits:MaxResponseBytes", "8192"), ("Limits:MaxMessages", "8"),
        ("Limits:MaxScopeBytes", "4096"), ("Limits:MaxScopeAttributes", "8"), ("Limits:MaxTags", "4"),
        ("Limits:MaxTagBytes", "64"), ("Storage:DiskBudget", "8388608"),
    ];

    public static Task<TestCache> StartAsync(string folder) => TestCache.StartAsync(folder, null, Options);

    /// <summary>The log of a cache that runs.</summary>
    public static EntryLog LogOf(TestCache cache) => cache.Cache.Require().Log;
}
