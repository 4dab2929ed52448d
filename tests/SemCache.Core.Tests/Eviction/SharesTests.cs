using SemCache.Core.Eviction;
using SemCache.Core.Partitions;

namespace SemCache.Core.Tests.Eviction;

public sealed class SharesTests
{
    [Fact]
    public void Next_OfUnequalHolders_ChoosesEachInProportion()
    {
        var holdings = new Holdings();
        PolicyNamespace[] spaces = [.. Enumerable.Range(0, 3).Select(_ => new PolicyNamespace(EvictionPolicy.Cost, holdings))];
        spaces[0].Store(0, saving: 1e30f, recordBytes: 60_000);
        spaces[1].Store(0, saving: 0.001f, recordBytes: 30_000);
        var shares = new Shares(spaces.Select(space => space.Namespace), EvictionReason.Disk);
        var random = new Random(1);
        CacheNamespace?[] chosen = [.. Enumerable.Range(0, 9000).Select(_ => shares.Next(random))];
        Assert.InRange(chosen.Count(ns => ns == spaces[0].Namespace), 5800, 6200);
        Assert.InRange(chosen.Count(ns => ns == spaces[1].Namespace), 2800, 3200);
        Assert.DoesNotContain(spaces[2].Namespace, chosen);
    }

    [Fact]
    public void Next_WhenNobodyHoldsAnything_IsNobody() =>
        Assert.Null(new Shares([new PolicyNamespace(EvictionPolicy.Lru).Namespace], EvictionReason.Memory).Next(new Random(1)));
}
