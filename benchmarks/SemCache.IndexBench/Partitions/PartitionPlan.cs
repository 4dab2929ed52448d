namespace SemCache.IndexBench.Partitions;

/// <summary>What is put into memory.</summary>
/// <param name="Partitions">Partitions of the divided layout.</param>
/// <param name="EntriesEach">Entries of each.</param>
/// <param name="Dimension">Components of a vector.</param>
internal sealed record PartitionPlan(int Partitions, int EntriesEach, int Dimension)
{
    public int Entries => Partitions * EntriesEach;
}
