using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;

namespace SemCache.Core.Tests.Support;

/// <summary>Model folders that the tests use.</summary>
internal static class TestModels
{
    public static string Default => Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0");

    public static SemCacheMetrics NewMetrics() => new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    public static Embedder Load(string folder) =>
        Embedder.Load(folder, new ModelOptions(), NewMetrics(), NullLogger<Embedder>.Instance);

    /// <summary>Copies a model folder, so that a test can break it.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
