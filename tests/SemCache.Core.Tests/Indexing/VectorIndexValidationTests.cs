using System.Runtime.CompilerServices;
using SemCache.Core.Indexing;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

public sealed class VectorIndexValidationTests
{
    [Fact]
    public async Task Validate_EntryThatIsNeitherLinkedNorWaitsToBe_SaysSo()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        SmallIndex small = SmallIndex.Linked(maintenance, 100);
        small.Add(2);
        Assert.Empty(small.Index.Validate().Problems);

        Linked(small.Index)!.Pending.Skip(1);

        string problem = Assert.Single(small.Index.Validate().Problems);
        Assert.StartsWith("1 entries are neither linked nor wait to be", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_FaultyGraph_IsDroppedAndMadeAnew()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        SmallIndex small = SmallIndex.Linked(maintenance, 100);
        small.Add(2);
        Linked(small.Index)!.Pending.Skip(1);

        Assert.Equal(100, small.Index.Validate().Linked);

        Assert.False(small.Index.IsUnsaved);
        Assert.Equal(102, small.Index.Search(small.Vectors.Values.First(), -1, new ScoredEntry[102]));
        maintenance.Start();
        await maintenance.CaughtUp.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Empty(small.Index.Validate().Problems);
        Assert.Equal(102, small.Index.Linked);
    }

    [Fact]
    public async Task Validate_OfAScannedIndex_CountsItsEntries()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        var small = new SmallIndex(maintenance);
        small.Add(10);

        IndexReport report = small.Index.Validate();

        Assert.Equal((10, 0, 0), (report.Entries, report.Linked, report.Pending));
        Assert.InRange(report.Bytes, 10 * 32, 10 * 32 * 4);
        Assert.Empty(report.Problems);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_linked")]
    private static extern ref LinkedIndex? Linked(VectorIndex index);
}
