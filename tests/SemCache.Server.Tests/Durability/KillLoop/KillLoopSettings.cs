namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>How the server is configured that is killed, and what it may therefore lose.</summary>
/// <param name="MayEvict">Whether it has so little room that entries are evicted.</param>
/// <param name="MayLoseTheEnd">Whether it acknowledges before the device has the log.</param>
/// <param name="Options">Options beside those that all have.</param>
internal sealed record KillLoopSettings(bool MayEvict, bool MayLoseTheEnd, params string[] Options)
{
    // The smallest pages and segments there are: seconds of writing fill dozens, and so every kind of border is met.
    private static readonly string[] _small =
    [
        "--SemCache:Storage:PageSize=65536",
        "--SemCache:Storage:SegmentSize=131072",
        "--SemCache:Storage:MemorySize=262144",
        "--SemCache:Limits:MaxPromptBytes=1024",
        "--SemCache:Limits:MaxMessages=8",
        "--SemCache:Limits:MaxResponseBytes=24000",
        "--SemCache:Limits:MaxScopeBytes=1024",
        "--SemCache:Limits:MaxTags=4",
        "--SemCache:Limits:MaxTagBytes=32",
        "--SemCache:Storage:SnapshotInterval=00:00:01",
        "--SemCache:Index:ProbeInterval=00:00:00",
        "--SemCache:NamespaceDefaults:Index:FlatEntries=64",
    ];

    /// <summary>Nothing is evicted; segments are compacted.</summary>
    public static KillLoopSettings Roomy { get; } = new(MayEvict: false, MayLoseTheEnd: false);

    /// <summary>A disk budget below what the writers store.</summary>
    public static KillLoopSettings Tight { get; } = new(
        MayEvict: true, MayLoseTheEnd: false, "--SemCache:Storage:DiskBudget=1048576");

    /// <summary>Commits come every now and then.</summary>
    public static KillLoopSettings Periodic { get; } = new(
        MayEvict: false,
        MayLoseTheEnd: true,
        "--SemCache:Storage:Durability=Periodic",
        "--SemCache:Storage:CommitInterval=00:00:00.050");

    /// <summary>The server's command line.</summary>
    public string[] Arguments => [.. _small, .. Options];
}
