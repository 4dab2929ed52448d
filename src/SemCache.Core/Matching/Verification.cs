using SemCache.Core.Embeddings;

namespace SemCache.Core.Matching;

/// <summary>How a namespace has candidates verified.</summary>
/// <param name="Bar">Lowest probability that one answer serves both prompts, 0…1.</param>
/// <param name="Certain">Similarity from which on a candidate needs no verifier.</param>
/// <param name="Candidates">Most candidates that are verified.</param>
internal sealed record Verification(double Bar, double Certain, int Candidates)
{
    /// <summary>What a verifier demands for an error rate.</summary>
    public static Verification Of(VerifierManifest verifier, double maxErrorRate) =>
        new(verifier.BarFor(maxErrorRate), verifier.Certain, verifier.Candidates);
}
