using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Snapshots;

public sealed class GraphSnapshotTests
{
    // More than one block of slots.
    private const int Many = 1500;

    [Fact]
    public void Read_WhatWasWritten_AnswersAsBeforeWithoutWork()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        SavedIndex after = before.Restarted();

        Assert.True(after.TryLoad(before.Save()));

        Assert.Empty(after.Index.Validate().Problems);
        Assert.Equal(Many, after.Index.Validate().Linked);
        Assert.Equal(0, after.Index.Backlog);
        Assert.False(after.Index.IsUnsaved);
        var random = new Random(7);
        for (int i = 0; i < 100; i++)
        {
            float[] query = TestEntries.RandomVector(random, SavedIndex.Dimension);
            Assert.Equal(before.Search(query, 10, ef: 16), after.Search(query, 10, ef: 16));
        }
    }

    [Fact]
    public void Save_WhatWasLoaded_IsTheSameByteByByte()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        byte[] saved = before.Save();
        SavedIndex after = before.Restarted();
        Assert.True(after.TryLoad(saved));
        Assert.Equal(saved, after.Save());
    }

    [Fact]
    public void Load_EntriesComeAndGoBeforeTheGateIsTaken_AreAsTheyAreThen()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        SavedIndex after = before.Restarted();
        Assert.True(after.TryLoad(before.Save(), onPrepared: () =>
        {
            for (int i = 0; i < 100; i++)
            {
                after.RemoveAt(i);
            }

            after.AddMany(200);
        }));

        Assert.Equal(100 + 200, after.Index.Backlog);
        after.AssertFindsExactlyItsEntries();
        after.MaintainAll();
        Assert.Equal(Many + 100, after.Index.Validate().Linked);
        after.AssertFindsExactlyItsEntries();
        after.AssertEqualsBruteForce(20);
    }

    [Fact]
    public void Maintain_AfterLoading_GoesOnAsWithAGraphOfItsOwn()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        SavedIndex after = before.Restarted();
        Assert.True(after.TryLoad(before.Save()));
        var random = new Random(3);
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < 50; i++)
            {
                after.RemoveAt(random.Next(after.Entries.Count));
            }

            after.AddMany(50);
            after.MaintainAll();
            Assert.Empty(after.Index.Validate().Problems);
        }

        Assert.True(after.Index.IsUnsaved);
        after.AssertFindsExactlyItsEntries();
        after.AssertEqualsBruteForce(20);
    }

    [Fact]
    public void Load_EntriesRemovedAddedAndReplacedSince_HasThePresentOnes()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        byte[] saved = before.Save();
        for (int i = 0; i < 200; i++)
        {
            before.RemoveAt(i * 3);
        }

        before.AddMany(300);
        for (int i = 0; i < 100; i++)
        {
            // The same vector in another record, as when a prompt is stored again.
            Entry replaced = before.Entries[i];
            before.RemoveAt(i);
            before.Add(Guid.NewGuid(), before.LogTail, before.VectorOf(replaced));
        }

        SavedIndex after = before.Restarted();
        Assert.True(after.TryLoad(saved));
        Assert.Equal((200 + 100) + (300 + 100), after.Index.Backlog);
        after.AssertFindsExactlyItsEntries();
        after.MaintainAll();
        Assert.Equal(0, after.Index.Backlog);
        Assert.Equal(after.Entries.Count, after.Index.Validate().Linked);
        after.AssertFindsExactlyItsEntries();
        after.AssertEqualsBruteForce(20);
    }

    [Fact]
    public void Load_SavedWithWorkLeft_DoesItAfterwards()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        for (int i = 0; i < 100; i++)
        {
            before.RemoveAt(i);
        }

        before.AddMany(100);
        byte[] saved = before.Save();
        SavedIndex after = before.Restarted();
        Assert.True(after.TryLoad(saved));
        after.AssertFindsExactlyItsEntries();
        after.MaintainAll();
        Assert.Equal(after.Entries.Count, after.Index.Validate().Linked);
        after.AssertFindsExactlyItsEntries();
    }

    [Fact]
    public void Load_FreedSlots_AreUsedAgain()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        for (int i = 0; i < 200; i++)
        {
            before.RemoveAt(i);
        }

        before.MaintainAll();
        SavedIndex after = before.Restarted();
        Assert.True(after.TryLoad(before.Save()));
        long bytes = after.Index.Bytes;
        after.AddMany(150);
        after.MaintainAll();
        Assert.Equal(bytes, after.Index.Bytes, bytes * 0.01);
        after.AssertFindsExactlyItsEntries();
    }

    [Fact]
    public void Load_AddressesUsedAgainByOtherEntries_TakesThemForOthers()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        byte[] saved = before.Save();
        var after = new SavedIndex(seed: 2);
        for (int i = 0; i < Many; i++)
        {
            bool isOther = i % 4 == 0;
            Entry entry = before.Entries[i];
            after.Add(
                isOther ? Guid.NewGuid() : entry.Id,
                entry.Location.Address,
                isOther ? before.VectorOf(before.Entries[(i + 1) % Many]).Select(v => -v).ToArray() : before.VectorOf(entry));
        }

        Assert.True(after.TryLoad(saved));
        after.AssertFindsExactlyItsEntries();
        after.MaintainAll();
        after.AssertFindsExactlyItsEntries();
    }

    [Fact]
    public void Load_MostEntriesGone_ChangesNothing()
    {
        SavedIndex before = SavedIndex.Filled(Many);
        byte[] saved = before.Save();
        for (int i = 0; i < Many * 2 / 3; i++)
        {
            before.RemoveAt(0);
        }

        SavedIndex after = before.Restarted();
        Assert.False(after.TryLoad(saved));
        Assert.False(after.Index.HasGraph);
        after.MaintainAll();
        after.AssertFindsExactlyItsEntries();
    }

    [Fact]
    public async Task Save_WhileEntriesComeAndGo_IsSound()
    {
        SavedIndex index = SavedIndex.Filled(Many);
        using var stopping = new CancellationTokenSource();
        Task churn = Task.Run(() =>
        {
            for (var random = new Random(5); !stopping.IsCancellationRequested;)
            {
                // Otherwise everything that is linked might go before maintenance links anything.
                if (index.Index.Backlog > Many / 3)
                {
                    Thread.Yield();
                    continue;
                }

                index.RemoveAt(random.Next(index.Entries.Count));
                index.AddMany(1);
            }
        });
        Task maintenance = Task.Run(() =>
        {
            while (!stopping.IsCancellationRequested)
            {
                index.Index.Maintain(threads: 1);
            }
        });

        var saved = new List<byte[]>();
        for (int i = 0; i < 20; i++)
        {
            saved.Add(index.Save());
        }

        await stopping.CancelAsync();
        await Task.WhenAll(churn, maintenance);
        Assert.All(saved, snapshot =>
        {
            GraphSnapshot loaded = SavedIndex.Read(snapshot);
            Assert.Empty(loaded.Graph.Validate());
        });
        index.MaintainAll();
        SavedIndex after = index.Restarted();
        Assert.True(after.TryLoad(index.Save()));
        after.AssertFindsExactlyItsEntries();
    }
}
