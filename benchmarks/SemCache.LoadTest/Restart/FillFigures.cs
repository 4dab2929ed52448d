namespace SemCache.LoadTest.Restart;

/// <summary>What filling a server took, and what its entries weigh.</summary>
internal sealed record FillFigures(
    int Entries, double Seconds, long MemoryBefore, long MemoryAfter, long LogBytes, long VectorBytes)
{
    public double StoresPerSecond => Entries / Seconds;

    public double MemoryPerEntry => MemoryPerEntryAt(MemoryAfter);

    public double LogBytesPerEntry => (double)LogBytes / Entries;

    public double VectorBytesPerEntry => (double)VectorBytes / Entries;

    /// <summary>What an entry costs when the filled server takes this much memory.</summary>
    public double MemoryPerEntryAt(long memory) => (double)(memory - MemoryBefore) / Entries;
}
