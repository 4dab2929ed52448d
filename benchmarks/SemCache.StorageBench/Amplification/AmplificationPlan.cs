namespace SemCache.StorageBench.Amplification;

/// <summary>How write amplification is measured.</summary>
/// <param name="DiskBudget">Bytes.</param>
/// <param name="SegmentSize">Bytes of a log file.</param>
/// <param name="ResponseBytes">Bytes of each response.</param>
/// <param name="Rounds">How many times the disk budget is stored, after once more that is not counted.</param>
internal sealed record AmplificationPlan(long DiskBudget, long SegmentSize, int ResponseBytes, int Rounds)
{
    // Vector, prompt and framing of the shipped model's records.
    private const int BytesBesideResponse = 1_200;

    // A little less than what is evicted for.
    private const double Filled = 0.9;

    /// <summary>Stores that append as many bytes as the disk budget.</summary>
    public int StoresOfARound => (int)(DiskBudget / (ResponseBytes + BytesBesideResponse));

    /// <summary>Entries that take as much of the log as may be live.</summary>
    public int Entries(double liveRatio) => (int)(StoresOfARound * liveRatio * Filled);
}
