using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SemCache.Core.Configuration;
using SemCache.Core.Diagnostics;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Storage;

namespace SemCache.Core;

/// <summary>Puts the cache into an application.</summary>
public static class SemCacheServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="SemanticCache"/> as a singleton, configured by the section <c>SemCache</c>. Call
    /// <see cref="SemanticCache.StartAsync"/> before the first lookup; the container disposes it. The shipped guards
    /// are registered as <see cref="IGuard"/>; those that the application registers, before or after, join them.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration; its section <c>SemCache</c> is read.</param>
    public static IServiceCollection AddSemCache(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SemCacheMetrics>();
        foreach (IGuard guard in GuardSet.Shipped)
        {
            if (!services.Any(service => !service.IsKeyedService && service.ImplementationInstance == guard))
            {
                services.AddSingleton(guard);
            }
        }

        services.TryAddSingleton(provider => new InstalledGuards(
            provider.GetServices<IGuard>(),
            provider.GetRequiredService<SemCacheMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<InstalledGuards>>()));
        services.TryAddSingleton(provider => new CurrentOptions(
            configuration.GetSection(SemCacheOptions.SectionName),
            provider.GetRequiredService<InstalledGuards>(),
            provider.GetRequiredService<ILogger<CurrentOptions>>()));
        services.TryAddSingleton(provider => new SemanticCache(
            provider.GetRequiredService<CurrentOptions>(),
            provider.GetRequiredService<InstalledGuards>(),
            provider.GetRequiredService<SemCacheMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetService<LogDeviceFactory>()));
        return services;
    }
}
