namespace SemCache.Core.Embeddings;

/// <summary>
/// What a verifier is asked in one run: whether the answer of each candidate serves the asked prompt too.
/// </summary>
/// <param name="Asked">Token ids of the prompt that is looked up, special tokens included.</param>
/// <param name="Stored">Token ids of each candidate's prompt.</param>
/// <param name="Features">
/// [candidates, 1 + guards]: the similarity, then a number for each guard of the manifest: 0 = Pass, 0.5 = Suspect,
/// 1 = Stop.
/// </param>
internal sealed record VerifierQuestion(int[] Asked, int[][] Stored, float[] Features);

/// <summary>A model that reads two prompts. Safe for concurrent use.</summary>
internal interface IVerifier : IDisposable
{
    /// <summary>Whether a run is so short that it belongs on the caller's thread instead of behind a queue.</summary>
    bool RunsInline { get; }

    /// <summary>The probability, 0…1, of each candidate that one answer serves both prompts.</summary>
    /// <exception cref="InvalidDataException">The model answered something that is no probability.</exception>
    float[] Run(VerifierQuestion question);
}
