using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>
/// Opens the cache while the server is put together and before it listens, so that a wrong configuration stops the start;
/// recovers it while the server already answers health checks; saves it when a stop is asked for, and closes it after the
/// last request.
/// </summary>
internal sealed partial class CacheLifetime(
    SemanticCache cache, IHostApplicationLifetime host, ILogger<CacheLifetime> logger)
    : IHostedLifecycleService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _opening = Task.CompletedTask;
    private Task _recovery = Task.CompletedTask;

    /// <summary>Begins to open the cache in the background; the start waits for it, and throws what goes wrong.</summary>
    public void BeginOpening() => _opening = Task.Run(cache.Open);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _opening;
        _recovery = Task.Run(RecoverAsync, CancellationToken.None);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Saves snapshots before the requests are drained: a client that holds a stream open may use up all the time there is.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await cache.SaveSnapshotsAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Those that were saved before stay good.
        }
    }

    /// <summary>Closes the cache. The token, which ends the stop's time, gives up saving and nothing else.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        await cache.StopAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the recovery. A host that could not be started stops nothing, and disposes of the cache after this.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _recovery;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Whatever goes wrong in here must end the process: a server that never becomes ready helps nobody.
    private async Task RecoverAsync()
    {
        try
        {
            await cache.RecoverAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            RecoveryFailed(logger, exception);
            Environment.ExitCode = 1;
            host.StopApplication();
        }
    }

    [LoggerMessage(100, LogLevel.Critical, "The cache cannot be recovered from its log; stopping")]
    private static partial void RecoveryFailed(ILogger logger, Exception exception);
}
