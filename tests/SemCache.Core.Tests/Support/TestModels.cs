using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;

namespace SemCache.Core.Tests.Support;

/// <summary>Model folders that the tests use.</summary>
internal static class TestModels
{
    public static string Default => Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0");

    /// <summary>The model that ships.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini");

    public static SemCacheMetrics NewMetrics() => new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    public static Embedder Load(string folder) =>
        Embedder.Load(folder, new ModelOptions(), NewMetrics(), NullLogger<Embedder>.Instance);

    /// <summary>
    /// A model with one of the fixture's verifiers: nothing below similarity 0.5 hits, nothing is certain, and
    /// at the default error rate the bar is 0.9.
    /// </summary>
    /// <param name="to">The folder to make.</param>
    /// <param name="verifier">Name of the fixture.</param>
    /// <param name="change">Changes the manifest before it is written.</param>
    /// <param name="from">The model that gets it, if not the default one.</param>
    public static string WithVerifier(
        string to, string verifier, Action<JsonNode>? change = null, string? from = null)
    {
        Copy(from ?? Default, to);
        string file = Path.Combine(to, "verifier.onnx");
        File.Copy(Path.Combine(Fixture("verifiers"), verifier + ".onnx"), file);
        string path = Path.Combine(to, ModelManifest.FileName);
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["sha256"]!["verifier.onnx"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        manifest["verifier"] = JsonNode.Parse(
            """
            {
              "file": "verifier.onnx", "guards": [], "floor": 0.5, "certain": 2, "candidates": 4,
              "errorRates": [
                { "maxErrorRate": 0.005, "probability": 0.97 }, { "maxErrorRate": 0.01, "probability": 0.9 },
                { "maxErrorRate": 0.05, "probability": 0.5 }
              ]
            }
            """);
        change?.Invoke(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
        return to;
    }

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
