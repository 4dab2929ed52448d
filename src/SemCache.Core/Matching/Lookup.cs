using SemCache.Core.Prompts;

namespace SemCache.Core.Matching;

/// <summary>One lookup on its way: what was asked, in canonical form, and how its answer is put together.</summary>
internal sealed class Lookup(Engine engine, LookupQuery query, CanonicalPrompt prompt, MatchCriteria criteria)
{
    private const int ExplainedByDefault = 5;

    public Engine Engine { get; } = engine;

    public LookupQuery Query { get; } = query;

    public CanonicalPrompt Prompt { get; } = prompt;

    public MatchCriteria Criteria { get; } = criteria;

    /// <summary>How many candidates the answer reports.</summary>
    public int Reported => Query is { Explain: true, Candidates: 0 } ? ExplainedByDefault : Query.Candidates;

    public LookupResult Hit(
        LookupOutcome outcome, double similarity, CachedEntry entry, IReadOnlyList<CandidateReport> candidates) => new()
        {
            DecisionId = NewDecisionId(),
            Outcome = outcome,
            Threshold = Criteria.Threshold,
            Similarity = similarity,
            Entry = entry,
            Age = Criteria.Now > entry.CreatedAt ? Criteria.Now - entry.CreatedAt : TimeSpan.Zero,
            Candidates = candidates,
        };

    public LookupResult Miss(MissReason reason, double? nearest, IReadOnlyList<CandidateReport> candidates) => new()
    {
        DecisionId = NewDecisionId(),
        Outcome = LookupOutcome.Miss,
        Threshold = Criteria.Threshold,
        MissReason = reason,
        NearestSimilarity = nearest,
        Candidates = candidates,
    };

    private Guid NewDecisionId() => Guid.CreateVersion7(Criteria.Now);
}
