using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Storage;

public sealed class SignalTests
{
    private readonly Signal _signal = new();

    [Fact]
    public async Task WaitAsync_SetManyTimesBefore_EndsOnce()
    {
        Parallel.For(0, 1000, _ => _signal.Set());
        Assert.True(_signal.WaitAsync(TimeSpan.Zero, CancellationToken.None).IsCompleted);
        Task again = _signal.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        Assert.False(again.IsCompleted);
        _signal.Set();
        await again;
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Ends()
    {
        using var stopping = new CancellationTokenSource();
        Task wait = _signal.WaitAsync(Timeout.InfiniteTimeSpan, stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }
}
