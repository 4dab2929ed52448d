using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>
/// Opens the cache before the server listens, so that a wrong configuration stops the start; recovers it while the
/// server already answers health checks; closes it after the last request.
/// </summary>
internal sealed partial class CacheLifetime(
    SemanticCache cache, IHostApplicationLifetime host, ILogger<CacheLifetime> logger) : IHostedService
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _recovery = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        cache.Open();
        _recovery = Task.Run(RecoverAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _recovery;
        await cache.DisposeAsync();
    }

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
