using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SemCache.Cli.Tests.Evaluation;

/// <summary>The default model with a verifier whose probability is the similarity.</summary>
internal static class VerifyingModel
{
    /// <summary>
    /// Makes its folder: nothing below similarity 0.5 hits, nothing is certain, the bar for 1 % of errors is 0.9.
    /// </summary>
    public static string Create(TemporaryFolder folder)
    {
        var to = Directory.CreateDirectory(folder.Path("verifying-model")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0")))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        var verifier = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "verifiers", "similarity.onnx"));
        File.WriteAllBytes(Path.Combine(to, "verifier.onnx"), verifier);
        var path = Path.Combine(to, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["sha256"]!["verifier.onnx"] = Convert.ToHexStringLower(SHA256.HashData(verifier));
        manifest["verifier"] = JsonNode.Parse(
            """
            {
              "file": "verifier.onnx", "guards": [], "floor": 0.5, "certain": 2, "candidates": 4,
              "errorRates": [{ "maxErrorRate": 0.01, "probability": 0.9 }]
            }
            """);
        File.WriteAllText(path, manifest.ToJsonString());
        return to;
    }
}
