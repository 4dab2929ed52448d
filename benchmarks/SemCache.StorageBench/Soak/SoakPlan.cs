namespace SemCache.StorageBench.Soak;

/// <summary>What a soak does.</summary>
/// <param name="Seconds">How long the server with budgets is used.</param>
/// <param name="ControlSeconds">How long one without is, once before and once after.</param>
/// <param name="WarmUpSeconds">How long the same calls are made before anything is timed.</param>
/// <param name="MemoryBudget">Bytes.</param>
/// <param name="DiskBudget">Bytes.</param>
/// <param name="SegmentSize">Bytes of a log file.</param>
/// <param name="ResponseBytes">Bytes of each response.</param>
/// <param name="Lookups">Lookups a second.</param>
/// <param name="Stores">Stores a second.</param>
/// <param name="Prompts">Different prompts; more than fit.</param>
internal sealed record SoakPlan(
    int Seconds,
    int ControlSeconds,
    int WarmUpSeconds,
    long MemoryBudget,
    long DiskBudget,
    long SegmentSize,
    int ResponseBytes,
    int Lookups,
    int Stores,
    int Prompts)
{
    /// <summary>Entries stored before anything is timed: more than the disk budget holds.</summary>
    public int Fill => (int)Math.Min(Prompts, DiskBudget * 1.2 / (ResponseBytes + BytesBesideResponse));

    // Vector, prompt and framing of the shipped model's records.
    private const int BytesBesideResponse = 1_200;

    /// <summary>The server's options with budgets that force eviction and compaction.</summary>
    public string[] Tight =>
    [
        .. Roomy,
        $"--SemCache:Storage:MemoryBudget={MemoryBudget}",
        $"--SemCache:Storage:DiskBudget={DiskBudget}",
    ];

    /// <summary>The server's options without; nothing is compacted either, as long as most of the log is live.</summary>
    public string[] Roomy =>
    [
        $"--SemCache:Storage:SegmentSize={SegmentSize}",
        "--SemCache:Storage:LiveRatio=0.6",
    ];
}
