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
        await using var maintenance = new IndexMaintenance(1, failure.SetResult);
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
