using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SemCache.Core;

namespace SemCache.Cli.Demo;

/// <summary>The engine inside this process, in a folder that is gone afterwards.</summary>
internal sealed class DemoCache : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ServiceProvider _services;

    private DemoCache(double? threshold)
    {
        _folder = Directory.CreateTempSubdirectory("semcache-demo-");
        var options = new Dictionary<string, string?> { ["SemCache:Storage:Path"] = _folder.FullName };
        if (threshold is { } given)
        {
            options["SemCache:NamespaceDefaults:Threshold"] = given.ToString(CultureInfo.InvariantCulture);
        }

        _services = new ServiceCollection()
            .AddSemCache(new ConfigurationBuilder().AddInMemoryCollection(options).Build())
            .BuildServiceProvider();
    }

    public SemanticCache Cache => _services.GetRequiredService<SemanticCache>();

    public static async Task<DemoCache> StartAsync(double? threshold, CancellationToken cancellationToken)
    {
        var demo = new DemoCache(threshold);
        try
        {
            await demo.Cache.StartAsync(cancellationToken);
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
