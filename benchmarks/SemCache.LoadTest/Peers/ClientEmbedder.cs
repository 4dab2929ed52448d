using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;

namespace SemCache.LoadTest.Peers;

/// <summary>The shipped model in this process, for a peer that stores vectors and makes none; run as the server runs it.</summary>
internal sealed class ClientEmbedder : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Embedder _embedder;

    public ClientEmbedder()
    {
        var options = new ModelOptions();
        _embedder = Embedder.Load(
            Path.GetFullPath(options.Path, AppContext.BaseDirectory),
            options,
            new SemCacheMetrics(_services.GetRequiredService<IMeterFactory>()),
            NullLogger<Embedder>.Instance);
    }

    /// <summary>The vector of a text as float32 components; null for a text that the model cannot read whole.</summary>
    public async ValueTask<byte[]?> EmbedAsync(string text, CancellationToken cancellation)
    {
        int[] tokens = _embedder.Tokenize(text, out MissReason unread);
        if (unread != MissReason.None)
        {
            return null;
        }

        float[] vector = await _embedder.EmbedAsync(tokens, cancellation);
        return MemoryMarshal.AsBytes<float>(vector).ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _embedder.DisposeAsync();
        await _services.DisposeAsync();
    }
}
