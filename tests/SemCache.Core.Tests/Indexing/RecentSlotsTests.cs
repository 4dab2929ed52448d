using SemCache.Core.Indexing;

namespace SemCache.Core.Tests.Indexing;

/// <summary>Every slot has the number of its addition here, so that what is read can be told to be right.</summary>
public sealed class RecentSlotsTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5, 5, 0)]
    [InlineData(5, 2, 3)]
    [InlineData(3000, 2900, 100)]
    public void Since_FewWereAdded_ReturnsThem(int added, int since, int expected)
    {
        RecentSlots recent = Filled(added);
        int[] slots = new int[RecentSlots.Capacity];

        Assert.Equal(expected, recent.Since(since, slots));
        Assert.Equal(Enumerable.Range(since, expected), slots.Take(expected));
    }

    [Fact]
    public void Since_MoreWereAddedThanAreRemembered_SaysSo() =>
        Assert.Equal(-1, Filled(RecentSlots.Capacity + 1).Since(0, new int[RecentSlots.Capacity]));

    [Fact]
    public void Remembers_WhatWasAddedBefore_IsNot()
    {
        var recent = new RecentSlots();
        recent.Add(0);
        Assert.False(recent.Remembers(1));

        recent.Remember();
        recent.Add(1);

        Assert.False(recent.Remembers(0));
        Assert.True(recent.Remembers(1));
        Assert.Equal(1, recent.Since(1, new int[RecentSlots.Capacity]));
    }

    [Fact]
    public async Task Since_WhileSlotsAreAdded_NeverReturnsWrongOnes()
    {
        var recent = new RecentSlots();
        recent.Remember();
        const int Additions = 5_000_000;
        Task writing = Task.Run(
            () =>
            {
                for (int i = 0; i < Additions; i++)
                {
                    recent.Add(i);
                }
            },
            TestContext.Current.CancellationToken);
        int[] slots = new int[RecentSlots.Capacity];
        do
        {
            long since = Math.Max(0, recent.Added - (RecentSlots.Capacity / 2));
            int count = recent.Since(since, slots);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(since + i, slots[i]);
            }
        }
        while (!writing.IsCompleted);

        await writing;
    }

    private static RecentSlots Filled(int added)
    {
        var recent = new RecentSlots();
        recent.Remember();
        for (int i = 0; i < added; i++)
        {
            recent.Add(i);
        }

        return recent;
    }
}
