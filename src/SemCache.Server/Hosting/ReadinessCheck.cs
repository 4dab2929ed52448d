using Microsoft.Extensions.Diagnostics.HealthChecks;
using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>
/// Healthy when lookups and stores are served, degraded when only lookups are, unhealthy while the cache recovers or
/// stops.
/// </summary>
internal sealed class ReadinessCheck(SemanticCache cache) : IHealthCheck
{
    public const string Name = "cache";

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(cache switch
        {
            { IsReady: false } => HealthCheckResult.Unhealthy("The cache is recovering or stopping."),
            { HasLogFailed: true } => HealthCheckResult.Degraded("The entry log cannot be written; stores are refused."),
            _ => HealthCheckResult.Healthy(),
        });
}
