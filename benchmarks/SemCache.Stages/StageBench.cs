using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SemCache.Core;

namespace SemCache.Stages;

/// <summary>An engine in a temporary folder that is filled and asked, one lookup at a time.</summary>
internal sealed class StageBench : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("semcache-stages-");
    private readonly ServiceProvider _services;
    private readonly SemanticCache _cache;

    private StageBench(string? model)
    {
        var options = new Dictionary<string, string?>
        {
            ["SemCache:Storage:Path"] = _folder.FullName,
            ["SemCache:Storage:Durability"] = nameof(Durability.None),
            // The same prompts are asked in every round, and every round has to search.
            ["SemCache:Limits:MaxRecentMatches"] = "0",
        };
        if (model is not null)
        {
            options["SemCache:Model:Path"] = Path.GetFullPath(model);
        }

        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(options).Build();
        _services = new ServiceCollection().AddSemCache(configuration).BuildServiceProvider();
        _cache = _services.GetRequiredService<SemanticCache>();
    }

    public StageTimes Times { get; } = new();

    public static async Task<StageBench> StartAsync(string? model, CancellationToken cancellationToken)
    {
        var bench = new StageBench(model);
        await bench._cache.StartAsync(cancellationToken);
        return bench;
    }

    public async Task FillAsync(IEnumerable<string> prompts, CancellationToken cancellationToken)
    {
        foreach (string prompt in prompts)
        {
            await _cache.StoreAsync(
                new StoreCommand { Prompt = Prompt.FromText(prompt), Response = CachedResponse.FromText("An answer.") },
                cancellationToken);
        }
    }

    public async Task LookUpAsync(
        IReadOnlyList<(string Stored, string Asked)> pairs, bool measured, CancellationToken cancellationToken)
    {
        Times.Measuring = measured;
        foreach ((_, string asked) in pairs)
        {
            var query = new LookupQuery { Prompt = Prompt.FromText(asked) };
            long started = Stopwatch.GetTimestamp();
            LookupResult result = await _cache.LookupAsync(query, cancellationToken);
            Times.Add(result, Stopwatch.GetElapsedTime(started));
        }

        Times.Measuring = false;
    }

    public async ValueTask DisposeAsync()
    {
        Times.Dispose();
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
