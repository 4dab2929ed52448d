using SemCache.Core.Partitions;

namespace SemCache.Core.Tests.Eviction;

/// <summary>What holds of every policy, and what of each.</summary>
public sealed class EvictionPolicyTests
{
    [Theory]
    [InlineData(EvictionPolicy.Cost)]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.Lfu)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public void NextVictim_AmongStoresHitsAndRemovals_IsAlwaysPresentAndInTheEndEverybody(EvictionPolicy policy)
    {
        var space = new PolicyNamespace(policy);
        var random = new Random(1);
        var present = new HashSet<Entry>();
        var taken = new HashSet<Entry>();
        for (int turn = 0; turn < 20_000; turn++)
        {
            switch (random.Next(10))
            {
                case < 4:
                    int text = random.Next(3000);
                    if (space.Find(text) is { } replaced)
                    {
                        present.Remove(replaced);
                    }

                    present.Add(space.Store(text, random.Next(3) == 0 ? float.NaN : random.Next(1, 100)));
                    break;
                case < 7 when present.Count > 0:
                    space.Policy.Hit(present.First());
                    break;
                case 7 when present.Count > 0:
                    Entry gone = present.First();
                    present.Remove(gone);
                    space.Remove(gone);
                    break;
                case 8 when space.Policy.NextVictim(taken) is { } victim:
                    Assert.Contains(victim, present);
                    Assert.True(taken.Add(victim));
                    break;
                case 9:
                    foreach (Entry victim in taken.Where(victim => !victim.IsRemoved))
                    {
                        if (random.Next(4) == 0)
                        {
                            space.Policy.Spare(victim);
                        }
                        else
                        {
                            present.Remove(victim);
                            space.Remove(victim);
                        }
                    }

                    taken.Clear();
                    break;
                default:
                    break;
            }
        }

        foreach (Entry victim in taken.Where(victim => !victim.IsRemoved))
        {
            space.Policy.Spare(victim);
        }

        while (space.Evict() is { } victim)
        {
            Assert.True(present.Remove(victim));
        }

        Assert.Empty(present);
    }

    [Theory]
    [InlineData(EvictionPolicy.Cost)]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.Lfu)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public void Hit_OfAnyPolicy_AllocatesNothing(EvictionPolicy policy)
    {
        var space = new PolicyNamespace(policy);
        Entry entry = space.Store(1, saving: 2);
        space.Policy.Hit(entry);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            space.Policy.Hit(entry);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001, entry.Hits);
    }

    [Fact]
    public void Lru_OfManyEntries_EvictsThoseUsedLongestAgo()
    {
        var space = new PolicyNamespace(EvictionPolicy.Lru);
        Entry[] entries = [.. Enumerable.Range(0, 1000).Select(i => space.Store(i))];
        Array.ForEach(entries[..200], space.Policy.Hit);
        var young = entries[..200].Concat(entries[700..]).ToHashSet();
        Assert.InRange(Enumerable.Range(0, 400).Count(_ => young.Contains(space.Evict()!)), 0, 12);
    }

    [Theory]
    [InlineData(EvictionPolicy.Cost)]
    [InlineData(EvictionPolicy.Lfu)]
    public void Frequency_OfManyEntries_KeepsThoseHitMostOften(EvictionPolicy policy)
    {
        var space = new PolicyNamespace(policy);
        Entry[] entries = [.. Enumerable.Range(0, 1000).Select(i => space.Store(i))];
        for (int i = 0; i < 1000; i++)
        {
            for (int hit = 0; hit < i % 10; hit++)
            {
                space.Policy.Hit(entries[i]);
            }
        }

        Assert.InRange(Enumerable.Range(0, 400).Count(_ => space.Evict()!.Hits > 5), 0, 12);
    }

    [Theory]
    [InlineData(EvictionPolicy.Cost)]
    [InlineData(EvictionPolicy.Lfu)]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public void Churn_BesideAnEntryThatWasHitOftenLongAgo_EvictsItInTheEnd(EvictionPolicy policy)
    {
        var space = new PolicyNamespace(policy);
        Entry old = space.Store(0);
        for (int i = 0; i < 100; i++)
        {
            space.Policy.Hit(old);
        }

        for (int i = 1; i < 100_000 && !old.IsRemoved; i++)
        {
            Entry young = space.Store(i);
            space.Policy.Hit(young);
            space.Policy.Hit(young);
            if (space.Namespace.EntryCount > 100)
            {
                space.Evict();
            }
        }

        Assert.True(old.IsRemoved);
    }

    [Theory]
    [InlineData(EvictionPolicy.Cost)]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.Lfu)]
    public void Restored_WithTheRankOfASnapshot_KeepsItAndRanksNewOnesAmongTheOld(EvictionPolicy policy)
    {
        var before = new PolicyNamespace(policy);
        for (int i = 0; i < 2000; i++)
        {
            before.Policy.Hit(before.Store(i));
            if (i >= 200)
            {
                before.Evict();
            }
        }

        var after = new PolicyNamespace(policy);
        Entry[] restored = [.. before.Namespace.Entries.Select(after.Restore)];
        Assert.Equal(before.Namespace.Entries.Select(entry => entry.Rank), restored.Select(entry => entry.Rank));
        Entry[] young = [.. Enumerable.Range(5000, 100).Select(i => after.Store(i))];
        Array.ForEach(young, after.Policy.Hit);
        Assert.InRange(Enumerable.Range(0, 100).Count(_ => young.Contains(after.Evict())), 0, 60);
    }

    [Fact]
    public void Cost_OfUnequalSavingsAndSizes_KeepsWhatSavesMostAByte()
    {
        var space = new PolicyNamespace(EvictionPolicy.Cost);
        Entry[] dear = [.. Enumerable.Range(0, 200).Select(i => space.Store(i, saving: 10, recordBytes: 1000))];
        Entry[] large = [.. Enumerable.Range(200, 200).Select(i => space.Store(i, saving: 10, recordBytes: 100_000))];
        Entry[] cheap = [.. Enumerable.Range(400, 200).Select(i => space.Store(i, saving: 0.2f, recordBytes: 1000))];
        for (int i = 0; i < 380; i++)
        {
            space.Evict();
        }

        Assert.InRange(dear.Count(entry => entry.IsRemoved), 0, 8);
        Assert.InRange(large.Count(entry => entry.IsRemoved), 150, 200);
        Assert.InRange(cheap.Count(entry => entry.IsRemoved), 150, 200);
    }

    [Fact]
    public void Cost_OfAnUnknownSaving_IsTheMeanOfTheKnownOnes()
    {
        var space = new PolicyNamespace(EvictionPolicy.Cost);
        Entry alone = space.Store(0);
        Assert.Equal(1 / (double)alone.Partition.WeightOf(alone), alone.Rank, 1e-6);
        space.Store(1, saving: 2);
        Entry mean = space.Store(2, saving: 4);
        Entry known = space.Store(3, saving: 3);
        Entry unknown = space.Store(4);
        Assert.True(mean.Rank > unknown.Rank);
        Assert.InRange(unknown.Rank / known.Rank, 0.9, 1.1);
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.Epsilon)]
    public void Cost_OfAnAbsurdFirstClaim_ForgetsItAndNeverLosesItsRanks(float claim)
    {
        var space = new PolicyNamespace(EvictionPolicy.Cost);
        Entry absurd = space.Store(0, claim);
        for (int i = 1; i < 60_000; i++)
        {
            space.Policy.Hit(space.Store(i, saving: 0.001f));
            if (space.Namespace.EntryCount > 50)
            {
                Assert.NotNull(space.Evict());
            }
        }

        Assert.True(absurd.IsRemoved);
        Assert.All(space.Namespace.Entries, entry => Assert.True(double.IsFinite(entry.Rank)));
        Entry known = space.Store(60_000, saving: 0.001f);
        Entry unknown = space.Store(60_001);
        Assert.InRange(unknown.Rank / known.Rank, 0.99, 1.01);
        Assert.InRange(known.Rank, 1e-6, 1);
    }

    [Theory]
    [InlineData(1e39, 1e12f)]
    [InlineData(double.PositiveInfinity, 1e12f)]
    [InlineData(1e-30, 1e-12f)]
    [InlineData(5, 5f)]
    [InlineData(0, float.NaN)]
    [InlineData(double.NaN, float.NaN)]
    public void Saving_OfAClaim_IsHeldToARange(double cost, float saving)
    {
        var space = new PolicyNamespace(EvictionPolicy.Cost);
        Assert.Equal(saving, space.Store(0, space.Namespace.Saving(new Savings(0, cost, TimeSpan.Zero))).Saving);
    }

    [Fact]
    public void Cost_OfAnAbsurdClaim_NeitherStaysForEverNorCountsForOthers()
    {
        var space = new PolicyNamespace(EvictionPolicy.Cost);
        space.Store(0, saving: 1);
        Entry absurd = space.Store(1, saving: float.MaxValue);
        for (int i = 2; i < 50_000 && !absurd.IsRemoved; i++)
        {
            space.Policy.Hit(space.Store(i, saving: 1));
            if (space.Namespace.EntryCount > 50)
            {
                space.Evict();
            }
        }

        Assert.True(absurd.IsRemoved);
    }

    [Fact]
    public void S3Fifo_OfAScanBetweenHits_KeepsWhatIsServedAgain()
    {
        var space = new PolicyNamespace(EvictionPolicy.S3Fifo);
        Entry[] popular = [.. Enumerable.Range(0, 50).Select(i => space.Store(i))];
        for (int i = 0; i < 100; i++)
        {
            Array.ForEach(popular, space.Policy.Hit);
        }

        for (int i = 1000; i < 3000; i++)
        {
            space.Store(i);
            if (space.Namespace.EntryCount > 100)
            {
                space.Evict();
            }
        }

        Assert.All(popular, entry => Assert.False(entry.IsRemoved));
    }

    [Fact]
    public void S3Fifo_OfWhatComesBackSoon_PutsItIntoTheMainQueue()
    {
        var space = new PolicyNamespace(EvictionPolicy.S3Fifo);
        for (int i = 0; i < 100; i++)
        {
            space.Store(i);
        }

        Entry gone = space.Evict()!;
        Entry back = space.Store((int)gone.TextHash);
        // All others are in the small queue, which gives up its own first.
        for (int i = 0; i < 99; i++)
        {
            Assert.NotSame(back, space.Evict());
        }

        Assert.Same(back, space.Evict());
    }

    [Fact]
    public void S3Fifo_AfterManyRemovals_HoldsMemoryForWhatIsThere()
    {
        var space = new PolicyNamespace(EvictionPolicy.S3Fifo);
        for (int i = 0; i < 20_000; i++)
        {
            space.Remove(space.Store(i));
        }

        Assert.InRange(space.Policy.Bytes, 0, 10_000);
    }
}
