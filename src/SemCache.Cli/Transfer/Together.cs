using System.Runtime.ExceptionServices;

namespace SemCache.Cli.Transfer;

/// <summary>Runs parts that only make sense together.</summary>
internal static class Together
{
    /// <summary>
    /// Runs all works at once. The first to fail cancels the others; when all have ended, its exception is thrown:
    /// the cause, not the cancellations that it brought about.
    /// </summary>
    public static async Task RunAsync(
        IEnumerable<Func<CancellationToken, Task>> works, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;

        async Task GuardAsync(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(linked.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                await linked.CancelAsync();
            }
        }

        await Task.WhenAll(works.Select(GuardAsync));
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
