using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>
/// Healthy when lookups and stores are served at full speed, degraded when only lookups are, when searches do not find all
/// entries yet or still scan what recovery left to be linked, or when the start has lost records that may have removed what
/// is served now; unhealthy while the cache recovers or stops. Entries that searches may never find, for their records
/// cannot be read, make it no worse: nothing would end that.
/// </summary>
internal sealed class ReadinessCheck(SemanticCache cache) : IHealthCheck
{
    public const string Name = "cache";

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(cache switch
        {
            { IsReady: false } => HealthCheckResult.Unhealthy(string.Create(
                CultureInfo.InvariantCulture,
                $"The cache is recovering or stopping; {Math.Floor(100 * cache.RecoveredShare)} % of its entries are recovered.")),
            { LogStatus: { IsHealthy: false } status } => HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture,
                $"The entry log cannot be written since {status.Lasting.TotalSeconds:0} s ({status.Reason}); stores are refused.")),
            { ExpectsVectors: true, EntriesWithoutVector: var entries } => HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture,
                $"{entries} entries have no vector in memory yet; until then only exact lookups find them.")),
            { IsIndexReady: false } => HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture,
                $"{cache.EntriesToLink} entries are still to be linked in vector indexes; until then searches scan them.")),
            { LogDamage: { IsAny: true } damage } => HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture,
                $"The start found the entry log damaged ({damage.MissingSegments} files missing, {damage.Ranges} places with {damage.Bytes} bytes skipped): what was invalidated or replaced there may be served again; invalidate it again.")),
            _ => HealthCheckResult.Healthy(),
        });
}
