namespace SemCache.Cli.Models.Bench;

/// <summary>What a bench found of one model: medians over its rounds.</summary>
/// <param name="Architecture">What it is in its manifest: <c>static</c> is run by this program, <c>onnx</c> by ONNX Runtime.</param>
/// <param name="Tokens">Tokens of a text on average, special tokens and prefix included.</param>
/// <param name="Unread">Texts that it does not embed: over its window, or not in its vocabulary.</param>
/// <param name="P50Microseconds">From text to vector, one text at a time.</param>
/// <param name="P99Microseconds">The slowest in a hundred of the same.</param>
/// <param name="Ratio">Its median time by that of the first model, round by round.</param>
/// <param name="TextsPerSecond">When all texts wait at once, and the embedder takes batches.</param>
/// <param name="SizeBytes">Bytes of its files.</param>
/// <param name="MemoryBytes">What the process grew by when it loaded and first used the model.</param>
internal sealed record BenchResult(
    string Model, string Folder, string Architecture, int Dimension, double Tokens, int Unread, double P50Microseconds,
    double P99Microseconds, double Ratio, double TextsPerSecond, long SizeBytes, long MemoryBytes);

/// <summary>A whole bench.</summary>
/// <param name="Texts">Texts that all models read, and were measured with.</param>
internal sealed record BenchSummary(
    int Texts, int Threads, int Rounds, int BatchSize, IReadOnlyList<BenchResult> Models);
