using SemCache.Core.Indexing;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

public sealed class IndexMaintenanceTests
{
    private const int MaxBacklog = 10;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task CaughtUp_WhatWasAskedForBeforeTheStart_IsLinkedWhenItEnds()
    {
        await using var maintenance = new IndexMaintenance(2, _ => { });
        var small = new SmallIndex(maintenance);
        small.Add(3000);
        Assert.Equal(3000, maintenance.LeftToCatchUp);
        Assert.False(maintenance.CaughtUp.IsCompleted);

        maintenance.Start();
        await maintenance.CaughtUp.WaitAsync(_patience, TestContext.Current.CancellationToken);

        Assert.Equal((3000, 0), (small.Index.Linked, small.Index.Backlog));
        Assert.Equal(0, maintenance.LeftToCatchUp);
    }

    [Fact]
    public async Task CaughtUp_HalfWay_CountsWhatIsLeftAndNotWhatWasAddedSince()
    {
        await using var maintenance = new IndexMaintenance(2, _ => { });
        var small = new SmallIndex(maintenance);
        small.Add(3000);
        small.Index.Maintain(threads: 2);
        small.Add(50);

        Assert.Equal((1024, 1976 + 50), (small.Index.Linked, small.Index.Backlog));
        Assert.Equal(1976, maintenance.LeftToCatchUp);
    }

    [Fact]
    public async Task CaughtUp_NothingAskedForBeforeTheStart_EndsAtOnce()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        new SmallIndex(maintenance).Add(SmallIndex.FlatEntries);
        maintenance.Start();
        Assert.True(maintenance.CaughtUp.IsCompleted);
    }

    [Fact]
    public async Task WaitForRoom_BehindWithNewEntries_WaitsUntilTheyAreLinked()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        SmallIndex small = SmallIndex.Linked(maintenance, 100);
        small.Add(MaxBacklog);
        Assert.True(maintenance.WaitForRoomAsync(small.Index, MaxBacklog, default).IsCompleted);

        small.Add(1);
        Task waiting = maintenance.WaitForRoomAsync(small.Index, MaxBacklog, default).AsTask();
        Assert.False(waiting.IsCompleted);

        maintenance.Start();
        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.InRange(small.Index.Backlog, 0, MaxBacklog);
    }

    [Fact]
    public async Task WaitForRoom_Cancelled_Ends()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        SmallIndex small = SmallIndex.Linked(maintenance, 100);
        small.Add(MaxBacklog + 1);
        using var cancelled = new CancellationTokenSource();
        Task waiting = maintenance.WaitForRoomAsync(small.Index, MaxBacklog, cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task WaitForRoom_BehindWithWhatWasThereBeforeTheGraph_DoesNotWait()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        var small = new SmallIndex(maintenance);
        small.Add(3000);
        small.Index.Maintain(threads: 2);
        small.Add(MaxBacklog + 1);

        Assert.True(small.Index.Backlog > 1000);
        Assert.True(maintenance.WaitForRoomAsync(small.Index, MaxBacklog, default).IsCompleted);
    }

    [Fact]
    public async Task WaitForRoom_MaintenanceFailed_IsToldAndNobodyWaitsForIt()
    {
        var failure = new TaskCompletionSource<Exception>();
        await using var maintenance = new IndexMaintenance(1, exception => failure.TrySetResult(exception));
        SmallIndex small = SmallIndex.Linked(maintenance, 100);
        small.Add(MaxBacklog + 1);
        Task waiting = maintenance.WaitForRoomAsync(small.Index, MaxBacklog, default).AsTask();
        small.Settings = null!;

        maintenance.Start();

        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.IsType<NullReferenceException>(await failure.Task);
        Assert.True(maintenance.WaitForRoomAsync(small.Index, MaxBacklog, default).IsCompleted);
    }

    [Fact]
    public async Task WaitForRoom_DisposedBeforeTheStart_Ends()
    {
        var maintenance = new IndexMaintenance(1, _ => { });
        SmallIndex small = SmallIndex.Linked(maintenance, 100);
        small.Add(MaxBacklog + 1);
        Task waiting = maintenance.WaitForRoomAsync(small.Index, MaxBacklog, default).AsTask();

        await maintenance.DisposeAsync();

        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitForRoom_BehindWithWhatWasRemoved_DoesNotWait()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        SmallIndex small = SmallIndex.Linked(maintenance, 200);
        foreach (var entry in small.Vectors.Keys.Take(MaxBacklog * 2).ToList())
        {
            small.Remove(entry);
        }

        Assert.Equal((0, MaxBacklog * 2), (small.Index.Pending, small.Index.Backlog));
        Assert.True(maintenance.WaitForRoomAsync(small.Index, MaxBacklog, default).IsCompleted);
    }

    [Fact]
    public async Task Maintenance_FailsWithOneIndex_GoesOnWithTheOthers()
    {
        var failure = new TaskCompletionSource<Exception>();
        await using var maintenance = new IndexMaintenance(1, exception => failure.TrySetResult(exception));
        SmallIndex failing = SmallIndex.Linked(maintenance, 100);
        SmallIndex other = SmallIndex.Linked(maintenance, 100);
        failing.Add(1);
        failing.Settings = null!;
        other.Add(MaxBacklog + 1);
        Task waiting = maintenance.WaitForRoomAsync(other.Index, MaxBacklog, default).AsTask();

        maintenance.Start();

        await failure.Task.WaitAsync(_patience, TestContext.Current.CancellationToken);
        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (failing.Index.Linked, failing.Index.Backlog));
    }

    [Fact]
    public async Task Maintain_AfterAFailure_MakesTheGraphAnewAndLosesNothing()
    {
        await using var maintenance = new IndexMaintenance(1, _ => { });
        SmallIndex small = SmallIndex.Linked(maintenance, 300);
        foreach (var entry in small.Vectors.Keys.Take(20).ToList())
        {
            small.Remove(entry);
        }

        IndexSettings settings = small.Settings;
        small.Settings = null!;
        Assert.Throws<NullReferenceException>(() => small.Index.Maintain(threads: 1));
        Assert.False(small.Index.HasGraph);
        Assert.False(small.Index.IsUnsaved);
        small.Settings = settings;
        var found = new ScoredEntry[300];
        Assert.Equal(280, small.Index.Search(small.Vectors.Values.First(), -1, found));

        Assert.False(small.Index.Maintain(threads: 1));

        Assert.Equal((280, 280, 0), (small.Index.Count, small.Index.Linked, small.Index.Backlog));
        Assert.Empty(small.Index.Validate().Problems);
    }

    [Fact]
    public async Task Maintenance_WhileEntriesComeAndGo_LinksAllThatAreLeft()
    {
        await using var maintenance = new IndexMaintenance(2, _ => { });
        SmallIndex small = SmallIndex.Linked(maintenance, 500);
        maintenance.Start();
        for (int i = 0; i < 200; i++)
        {
            small.Add(5);
            foreach (var entry in small.Vectors.Keys.Where(entry => !entry.IsRemoved).Take(5).ToList())
            {
                small.Remove(entry);
            }
        }

        for (int i = 0; i < 3000 && small.Index.Backlog > 0; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        IndexReport report = small.Index.Validate();
        Assert.Empty(report.Problems);
        Assert.Equal((500, 500, 0), (report.Entries, report.Linked, report.Pending));
    }
}
