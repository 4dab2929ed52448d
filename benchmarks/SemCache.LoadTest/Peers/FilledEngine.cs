using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SemCache.Core;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Peers;

/// <summary>The engine of SemCache in this process, as an application embeds it: no gRPC, no other process.</summary>
internal sealed class FilledEngine : IAsyncDisposable
{
    private const int StoresAtATime = 64;

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    private FilledEngine()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["SemCache:Storage:Path"] = _folder.Path,
                // As with the server: the same prompts are asked again and again, and every time is to be searched.
                ["SemCache:Limits:MaxRecentMatches"] = "0",
            })
            .Build();
        _services = new ServiceCollection().AddSemCache(configuration).BuildServiceProvider();
        Cache = _services.GetRequiredService<SemanticCache>();
    }

    public SemanticCache Cache { get; }

    /// <summary>Starts an engine and stores everything.</summary>
    public static async Task<FilledEngine> StartAsync(IReadOnlyList<Question> entries, CancellationToken cancellation)
    {
        Report.Progress($"Storing {entries.Count:N0} entries in the engine of this process");
        var engine = new FilledEngine();
        try
        {
            await engine.Cache.StartAsync(cancellation);
            var parallel =
                new ParallelOptions { MaxDegreeOfParallelism = StoresAtATime, CancellationToken = cancellation };
            await Parallel.ForEachAsync(entries, parallel, async (entry, token) => await engine.Cache.StoreAsync(
                new StoreCommand
                {
                    Prompt = Prompt.FromText(entry.Text),
                    Response = CachedResponse.FromText(entry.Response),
                },
                token));
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
