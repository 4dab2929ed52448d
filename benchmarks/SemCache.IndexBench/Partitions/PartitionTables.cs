using SemCache.LoadTest.Reporting;

namespace SemCache.IndexBench.Partitions;

/// <summary>The memory of all layouts for people.</summary>
internal static class PartitionTables
{
    public static void Print(PartitionFigures figures)
    {
        PartitionPlan plan = figures.Plan;
        Report.Print(
            $"{plan.Entries:N0} entries of {plan.Dimension} components: bytes an entry",
            ["", "resident", "managed", "vectors and links"],
            [
                Row($"{plan.Partitions:N0} partitions of {plan.EntriesEach}", figures.Many),
                Row("one partition without a graph", figures.OneFlat),
                Row("one partition with a graph", figures.OneGraph),
            ]);
        Report.Print(
            "Many partitions next to one",
            ["", "figure"],
            [
                ["resident, next to one with a graph", Report.Number(figures.ManyToGraph, "N2")],
                ["resident, next to one without", Report.Number(figures.ManyToFlat, "N2")],
                ["resident bytes/partition, its entries included", Report.Number((double)figures.Many.Resident / plan.Partitions)],
                ["managed bytes/partition beside its entries", Report.Number(figures.BytesOfAPartition)],
            ]);

        string[] Row(string name, MemoryFigures memory) => [name, Each(memory.Resident), Each(memory.Managed), Each(memory.Indexes)];

        string Each(long bytes) => Report.Number((double)bytes / plan.Entries);
    }
}
