using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>Copies of the default model that differ from it.</summary>
internal static class CopyOfModel
{
    /// <summary>A prompt that only the slow model reads, and that keeps it busy for a while.</summary>
    public static string SlowPrompt(int i) => string.Join(' ', Enumerable.Repeat("why", 100)) + $" {i}";

    /// <summary>
    /// A model that reads longer prompts, and whose vectors are others: it puts something in front of every prompt.
    /// </summary>
    public static async Task<string> SlowAsync(TemporaryFolder folder)
    {
        string path = Create(folder);
        string manifest = Path.Combine(path, "manifest.json");
        JsonNode content = JsonNode.Parse(await File.ReadAllTextAsync(manifest))!;
        content["queryPrefix"] = "query: ";
        content["window"] = 128;
        await File.WriteAllTextAsync(manifest, content.ToJsonString());
        return path;
    }

    /// <summary>A model of which one bit is wrong.</summary>
    public static async Task<string> CorruptAsync(TemporaryFolder folder)
    {
        string path = Create(folder);
        string model = Path.Combine(path, "model.onnx");
        byte[] bytes = await File.ReadAllBytesAsync(model);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(model, bytes);
        return path;
    }

    /// <summary>
    /// A model with one of the verifiers that tests/SemCache.Core.Tests/Fixtures/generate_verifiers.py describes,
    /// trained with the guard <c>doubt</c>. Nothing below similarity 0.5 hits; at the default error rate the bar is
    /// 0.9.
    /// </summary>
    public static async Task<string> VerifyingAsync(TemporaryFolder folder, string verifier)
    {
        string path = Create(folder);
        byte[] model = await File.ReadAllBytesAsync(
            Path.Combine(AppContext.BaseDirectory, "verifiers", verifier + ".onnx"));
        await File.WriteAllBytesAsync(Path.Combine(path, "verifier.onnx"), model);
        string manifest = Path.Combine(path, "manifest.json");
        JsonNode content = JsonNode.Parse(await File.ReadAllTextAsync(manifest))!;
        content["sha256"]!["verifier.onnx"] = Convert.ToHexStringLower(SHA256.HashData(model));
        content["verifier"] = JsonNode.Parse(
            """
            {
              "file": "verifier.onnx", "guards": ["doubt"], "floor": 0.5, "certain": 2, "candidates": 4,
              "errorRates": [{ "maxErrorRate": 0.01, "probability": 0.9 }]
            }
            """);
        await File.WriteAllTextAsync(manifest, content.ToJsonString());
        return path;
    }

    private static string Create(TemporaryFolder folder)
    {
        string path = Directory.CreateDirectory(folder.File("model")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "semcache-mini-v0")))
        {
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        }

        return path;
    }
}
