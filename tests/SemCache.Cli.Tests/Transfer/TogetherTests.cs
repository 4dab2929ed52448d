using SemCache.Cli.Transfer;

namespace SemCache.Cli.Tests.Transfer;

public class TogetherTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_OneFails_CancelsTheOthersAndThrowsTheCause()
    {
        var cancelled = false;

        async Task WaitAsync(CancellationToken cancel)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
                throw;
            }
        }

        await Assert.ThrowsAsync<InvalidDataException>(
            () => Together.RunAsync([WaitAsync, _ => Task.FromException(new InvalidDataException())], Cancel));
        Assert.True(cancelled);
    }

    [Fact]
    public async Task RunAsync_CallerCancels_EndsCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var running = Together.RunAsync([cancel => Task.Delay(Timeout.Infinite, cancel)], cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task RunAsync_AllEndWell_Ends() =>
        await Together.RunAsync([_ => Task.CompletedTask, async _ => await Task.Yield()], Cancel);
}
