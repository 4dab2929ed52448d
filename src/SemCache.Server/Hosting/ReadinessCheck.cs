using Microsoft.Extensions.Diagnostics.HealthChecks;
using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>Healthy when lookups and stores are served; unhealthy while the cache recovers or stops.</summary>
internal sealed class ReadinessCheck(SemanticCache cache) : IHealthCheck
{
    public const string Name = "cache";

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(cache.IsReady
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The cache is recovering or stopping."));
}
