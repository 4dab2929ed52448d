using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SemCache.Core;

namespace SemCache.Cli.InProcess;

/// <summary>The engine inside this process, in a folder that is gone afterwards.</summary>
internal sealed class TemporaryCache : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ServiceProvider _services;

    private TemporaryCache(IReadOnlyDictionary<string, string?> options)
    {
        _folder = Directory.CreateTempSubdirectory("semcache-");
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(options)
            .AddInMemoryCollection([new("SemCache:Storage:Path", _folder.FullName)])
            .Build();
        _services = new ServiceCollection().AddSemCache(configuration).BuildServiceProvider();
    }

    public SemanticCache Cache => _services.GetRequiredService<SemanticCache>();

    /// <param name="options">Keys and values of the configuration, <c>SemCache:</c> included.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="CacheStartupException">The options make no sense, or the model cannot be used.</exception>
    public static async Task<TemporaryCache> StartAsync(
        IReadOnlyDictionary<string, string?> options, CancellationToken cancellationToken)
    {
        var cache = new TemporaryCache(options);
        try
        {
            await cache.Cache.StartAsync(cancellationToken);
            return cache;
        }
        catch
        {
            await cache.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
