namespace SemCache.Core.Embeddings;

/// <summary>A sentence encoder: token ids in, unit-length vectors out. Safe for concurrent use.</summary>
internal interface IEncoder : IDisposable
{
    /// <summary>Whether a run is so short that it belongs on the caller's thread instead of behind a queue.</summary>
    bool RunsInline { get; }

    /// <summary>Embeds a batch.</summary>
    /// <param name="batch">Token ids of each prompt, special tokens included.</param>
    /// <param name="vectors">Receives [batch × dimension] components, one unit-length vector a prompt.</param>
    void Run(ReadOnlySpan<int[]> batch, Span<float> vectors);
}
