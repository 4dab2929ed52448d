using SemCache.Core.Matching.Guards;
using SemCache.Core.Prompts;
using SemCache.Core.Requests;
using SemCache.Core.Storage;

namespace SemCache.Core.Matching;

/// <summary>One lookup on its way: what was asked, in canonical form, and how its answer is put together.</summary>
internal sealed class Lookup(
    Engine engine, LookupQuery query, CanonicalPrompt prompt, MatchCriteria criteria, ActiveGuards guards)
{
    private const int ExplainedByDefault = 5;

    public Engine Engine { get; } = engine;

    public LookupQuery Query { get; } = query;

    public CanonicalPrompt Prompt { get; } = prompt;

    public MatchCriteria Criteria { get; } = criteria;

    /// <summary>The guards that look at candidates.</summary>
    public ActiveGuards Guards { get; } = guards;

    /// <summary>How many candidates the answer reports.</summary>
    public int Reported => Query is { Explain: true, Candidates: 0 } ? ExplainedByDefault : Query.Candidates;

    public LookupResult ExactHit(CachedEntry entry)
    {
        CandidateReport[] candidates = Reported > 0
            ? [new CandidateReport(entry.EntryId, 1, true, MissReason.None, Query.Explain ? entry.Prompt : null)]
            : [];
        return Hit(LookupOutcome.ExactHit, 1, entry, null, candidates);
    }

    public LookupResult SemanticHit(Candidate served, IReadOnlyList<Candidate> candidates) => Hit(
        LookupOutcome.SemanticHit,
        served.Similarity,
        Engine.Serve(served.Entry, served.Content!),
        served.Probability,
        Report(candidates, served));

    /// <summary>A miss after candidates were judged.</summary>
    public LookupResult Miss(IReadOnlyList<Candidate> candidates)
    {
        Candidate? closest = Matcher.Closest(candidates);
        return new LookupResult
        {
            DecisionId = NewDecisionId(),
            Outcome = LookupOutcome.Miss,
            Threshold = Criteria.Threshold,
            Bar = Criteria.Verification?.Bar,
            MissReason = closest?.Reason ?? MissReason.NoCandidate,
            NearestSimilarity = candidates.Count > 0 ? candidates[0].Similarity : null,
            Guard = Explained(closest?.Guard),
            Probability = closest?.Probability,
            Candidates = Report(candidates, served: null),
        };
    }

    /// <summary>A miss before anything was compared.</summary>
    public LookupResult Miss(MissReason reason) => new()
    {
        DecisionId = NewDecisionId(),
        Outcome = LookupOutcome.Miss,
        Threshold = Criteria.Threshold,
        Bar = Criteria.Verification?.Bar,
        MissReason = reason,
    };

    private LookupResult Hit(
        LookupOutcome outcome,
        double similarity,
        CachedEntry entry,
        double? probability,
        IReadOnlyList<CandidateReport> candidates) => new()
        {
            DecisionId = NewDecisionId(),
            Outcome = outcome,
            Threshold = Criteria.Threshold,
            Bar = Criteria.Verification?.Bar,
            Similarity = similarity,
            Probability = probability,
            Entry = entry,
            Age = Criteria.Now > entry.CreatedAt ? Criteria.Now - entry.CreatedAt : TimeSpan.Zero,
            Candidates = candidates,
        };

    private CandidateReport[] Report(IReadOnlyList<Candidate> candidates, Candidate? served)
    {
        var reports = new CandidateReport[Math.Min(Reported, candidates.Count)];
        for (int i = 0; i < reports.Length; i++)
        {
            Candidate candidate = candidates[i];
            PutContent? content = Query.Explain ? candidate.Content ?? Engine.Read(candidate.Entry) : null;
            reports[i] = new CandidateReport(
                candidate.Entry.Id,
                candidate.Similarity,
                candidate == served,
                candidate.Reason,
                content?.Prompt,
                Explained(candidate.Guard),
                candidate.Probability);
        }

        return reports;
    }

    // What differs is text of prompts: like the candidates' prompts, it is told to those who ask for an explanation.
    private GuardReport? Explained(GuardReport? guard) =>
        guard is null || Query.Explain ? guard : new GuardReport(guard.Name, "", "");

    private Guid NewDecisionId() => Uuid7.New(Criteria.Now);
}
