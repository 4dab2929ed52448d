using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Prompts;

namespace SemCache.Core.Matching;

/// <summary>
/// Passes on the nearest candidates to which threshold, age and guards do not object: as many as the verifier takes, or
/// one that needs none.
/// </summary>
internal sealed class CandidateSieve(SemCacheMetrics metrics, Lookup lookup)
{
    private const int MostGuarded = VerifierManifest.MaxCandidates;

    private readonly List<Candidate> _passed = [];
    private PromptReading? _asked;
    private int _guarded;

    /// <summary>What has passed so far, nearest first.</summary>
    public IReadOnlyList<Candidate> Passed => _passed;

    private bool IsFull => _passed.Count > 0
        && (!Matcher.NeedsVerifier(_passed[0], lookup.Criteria)
            || _passed.Count == lookup.Criteria.Verification!.Candidates);

    /// <summary>Judges candidates, nearest first; those that have a reason already keep it.</summary>
    /// <returns>Whether nothing has passed, and something further away still might.</returns>
    public bool Sift(ReadOnlySpan<Candidate> candidates)
    {
        for (int i = 0; i < candidates.Length && !IsFull; i++)
        {
            Candidate candidate = candidates[i];
            if (candidate.Reason != MissReason.None)
            {
                continue;
            }

            candidate.Reason = Matcher.Judge(candidate, lookup.Criteria);
            if (candidate.Reason == MissReason.BelowThreshold)
            {
                foreach (Candidate further in candidates[i..])
                {
                    further.Reason = MissReason.BelowThreshold;
                }

                return false;
            }

            if (candidate.Reason == MissReason.None)
            {
                if (_guarded == MostGuarded)
                {
                    return false;
                }

                candidate.Reason = Read(candidate);
            }

            if (candidate.Reason == MissReason.None)
            {
                _passed.Add(candidate);
            }
        }

        return _passed.Count == 0;
    }

    private MissReason Read(Candidate candidate)
    {
        candidate.Content = lookup.Engine.Read(candidate.Entry);
        if (candidate.Content is not { } content)
        {
            return MissReason.Unreadable;
        }

        if (lookup.Guards.Places.IsEmpty)
        {
            return MissReason.None;
        }

        using SemCacheMetrics.Stage stage = metrics.Begin("guard");
        _guarded++;
        _asked ??= new PromptReading(lookup.Prompt.Text);
        candidate.Verdicts = new GuardVerdict[lookup.Engine.Guards.Names.Count];
        candidate.Guard = lookup.Engine.Guards.Compare(
            _asked, new PromptReading(CanonicalPrompt.MatchedText(content.Prompt)), lookup.Guards, candidate.Verdicts);
        return candidate.Guard is null ? MissReason.None : MissReason.Guarded;
    }
}
