using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;

namespace SemCache.Cli.Models;

/// <summary>A model as the server runs it: loaded, checked and tried once.</summary>
internal sealed class LoadedModel : IAsyncDisposable
{
    /// <summary>Prompts that the embedder takes as one batch, if so many wait.</summary>
    public const int BatchSize = 32;

    private readonly ServiceProvider _services;

    private LoadedModel(string folder, int threads, int queue)
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        try
        {
            Embedder = Embedder.Load(
                folder,
                new ModelOptions
                {
                    Workers = 1,
                    ThreadsPerWorker = threads,
                    MaxBatchSize = BatchSize,
                    MaxQueueLength = queue,
                },
                new SemCacheMetrics(_services.GetRequiredService<IMeterFactory>()),
                NullLogger<Embedder>.Instance);
        }
        catch
        {
            _services.Dispose();
            throw;
        }
    }

    public Embedder Embedder { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="threads">Threads that one batch may use.</param>
    /// <param name="queue">Most prompts that may wait.</param>
    /// <exception cref="CacheStartupException">It cannot be used; one sentence says why.</exception>
    public static LoadedModel Load(string folder, int threads = 1, int queue = BatchSize) =>
        new(folder, threads, queue);

    public async ValueTask DisposeAsync()
    {
        await Embedder.DisposeAsync();
        await _services.DisposeAsync();
    }
}
