using SemCache.Core.Eviction.Policies;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Eviction;

/// <summary>Policies after a start: what they ranked before counts on, and what comes now does not go first for it.</summary>
public sealed class RestoredRankTests
{
    [Theory]
    [InlineData(EvictionPolicy.Cost)]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.Lfu)]
    public void NextVictim_AfterRestoring_IsTheLowestOfBeforeAndNotTheNewOne(EvictionPolicy kind)
    {
        var entries = new List<Entry>();
        IEvictionPolicy policy = EvictionPolicies.Create(
            kind, random => entries.Count == 0 ? null : entries[(int)(random % entries.Count)], new Random(1));
        for (int i = 0; i < 5; i++)
        {
            Entry restored = TestEntries.New();
            restored.Hits = 3;
            restored.Rank = 1000 + i;
            entries.Add(restored);
            policy.Restored(restored);
        }

        Assert.Equal([1000.0, 1001, 1002, 1003, 1004], entries.Select(entry => entry.Rank));
        Entry added = TestEntries.New();
        policy.Added(added);
        entries.Add(added);
        Assert.True(added.Rank > 1000);
        Assert.Same(entries[0], policy.NextVictim(new HashSet<Entry>()));
    }

    [Fact]
    public void Restored_OfS3Fifo_KeepsQueueAndMark()
    {
        IEvictionPolicy policy = EvictionPolicies.Create(EvictionPolicy.S3Fifo, _ => null, new Random(1));
        Entry main = TestEntries.New();
        (main.Rank, main.Mark) = (2, 3);
        Entry small = TestEntries.New();
        (small.Rank, small.Mark) = (1, 0);
        policy.Restored(main);
        policy.Restored(small);
        Assert.Equal((2.0, 3), (main.Rank, main.Mark));
        Assert.Same(small, policy.NextVictim(new HashSet<Entry>()));
    }
}
