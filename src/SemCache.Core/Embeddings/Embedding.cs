namespace SemCache.Core.Embeddings;

/// <summary>A prompt as the embedder read it.</summary>
/// <param name="Tokens">Its token ids, special tokens included.</param>
/// <param name="Vector">Its unit-length vector; empty when the embedder cannot read the whole prompt.</param>
/// <param name="Unread">Why it cannot; <see cref="MissReason.None"/> when it can.</param>
internal sealed record Embedding(int[] Tokens, float[] Vector, MissReason Unread);
