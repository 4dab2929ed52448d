using SemCache.Core.Eviction;
using SemCache.Core.Partitions;

namespace SemCache.Core.Tests.Eviction;

public sealed class SharesTests
{
    [Fact]
    public void Next_OfUnequalHolders_ChoosesEachInProportionToWhatIsBeyondAFairShare()
    {
        var holdings = new Holdings();
        PolicyNamespace[] spaces = [.. Enumerable.Range(0, 4).Select(_ => new PolicyNamespace(EvictionPolicy.Cost, holdings))];
        // A fair share is 35,000.
        spaces[0].Store(0, saving: 1e30f, recordBytes: 50_000);
        spaces[1].Store(0, saving: 0.001f, recordBytes: 40_000);
        spaces[2].Store(0, saving: 0.001f, recordBytes: 15_000);
        var shares = new Shares(spaces.Select(space => space.Namespace), EvictionReason.Disk);
        var random = new Random(1);
        CacheNamespace?[] chosen = [.. Enumerable.Range(0, 9000).Select(_ => shares.Next(random))];
        Assert.InRange(chosen.Count(ns => ns == spaces[0].Namespace), 6550, 6950);
        Assert.InRange(chosen.Count(ns => ns == spaces[1].Namespace), 2050, 2450);
        Assert.DoesNotContain(spaces[2].Namespace, chosen);
        Assert.DoesNotContain(spaces[3].Namespace, chosen);
    }

    [Fact]
    public void Next_OfEqualHolders_ChoosesEach()
    {
        PolicyNamespace[] spaces = [.. Enumerable.Range(0, 2).Select(_ => new PolicyNamespace(EvictionPolicy.Cost))];
        Array.ForEach(spaces, space => space.Store(0, recordBytes: 1000));
        var shares = new Shares(spaces.Select(space => space.Namespace), EvictionReason.Disk);
        var random = new Random(1);
        CacheNamespace?[] chosen = [.. Enumerable.Range(0, 1000).Select(_ => shares.Next(random))];
        Assert.All(spaces, space => Assert.InRange(chosen.Count(ns => ns == space.Namespace), 400, 600));
    }

    [Fact]
    public void Next_WhenNobodyHoldsAnything_IsNobody() =>
        Assert.Null(new Shares([new PolicyNamespace(EvictionPolicy.Lru).Namespace], EvictionReason.Memory).Next(new Random(1)));
}
