using SemCache.Core.Embeddings;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Prompts;

namespace SemCache.Core.Matching;

/// <summary>Puts candidates into the numbers that the verifier reads.</summary>
internal static class VerifierQuestions
{
    /// <param name="asked">Token ids of the prompt that is looked up.</param>
    /// <param name="candidates">Candidates that have been read, and compared by guards.</param>
    /// <param name="engine">Tokenises their prompts; knows which guards the verifier was trained with.</param>
    public static VerifierQuestion Of(int[] asked, IReadOnlyList<Candidate> candidates, Engine engine)
    {
        int[] guards = engine.VerifierGuards;
        int columns = 1 + guards.Length;
        var stored = new int[candidates.Count][];
        var features = new float[candidates.Count * columns];
        for (int i = 0; i < candidates.Count; i++)
        {
            Candidate candidate = candidates[i];
            stored[i] = engine.Embedder.Tokenize(CanonicalPrompt.MatchedText(candidate.Content!.Prompt), out _);
            Fill(features.AsSpan(i * columns, columns), candidate, guards);
        }

        return new VerifierQuestion(asked, stored, features);
    }

    private static void Fill(Span<float> row, Candidate candidate, int[] guards)
    {
        row[0] = candidate.Similarity;
        for (int i = 0; i < guards.Length; i++)
        {
            // Without verdicts no guard was asked: all pass.
            row[i + 1] = candidate.Verdicts.Length == 0 ? 0 : candidate.Verdicts[guards[i]] switch
            {
                GuardVerdict.Pass => 0,
                GuardVerdict.Suspect => 0.5f,
                _ => 1,
            };
        }
    }
}
