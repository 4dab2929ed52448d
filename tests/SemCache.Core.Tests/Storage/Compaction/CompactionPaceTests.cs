using Microsoft.Extensions.Time.Testing;
using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Storage.Compaction;

public sealed class CompactionPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private bool _isUrgent;

    [Fact]
    public async Task WaitAsync_ManyBytes_WaitsUntilTheRateAllowsThem()
    {
        var pace = new CompactionPace(1000, () => _isUrgent, _time);
        Task wait = pace.WaitAsync(2000, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await wait;
    }

    [Fact]
    public void WaitAsync_FewBytesOftenEnough_Waits()
    {
        var pace = new CompactionPace(1000, () => _isUrgent, _time);
        Assert.True(pace.WaitAsync(3, CancellationToken.None).IsCompleted);
        Assert.False(pace.WaitAsync(3, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void WaitAsync_AfterALongPause_DoesNotMakeUpForIt()
    {
        var pace = new CompactionPace(1000, () => _isUrgent, _time);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(pace.WaitAsync(100, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task WaitAsync_LogOutgrowsItsBudgetMidway_WaitsNoMore()
    {
        var pace = new CompactionPace(1000, () => _isUrgent, _time);
        Task wait = pace.WaitAsync(1000, CancellationToken.None);
        _isUrgent = true;
        Assert.True(pace.WaitAsync(1_000_000, CancellationToken.None).IsCompleted);
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        await wait;
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Ends()
    {
        using var stopping = new CancellationTokenSource();
        Task wait = new CompactionPace(1000, () => _isUrgent, _time).WaitAsync(1_000_000, stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => wait);
    }
}
