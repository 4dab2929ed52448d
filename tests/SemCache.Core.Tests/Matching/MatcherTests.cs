using SemCache.Core.Indexing;
using SemCache.Core.Matching;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Matching;

public sealed class MatcherTests
{
    [Theory]
    [InlineData(new[] { 0.95f, 0.9f }, 0)]
    [InlineData(new[] { 0.9f, 0.95f }, 1)]
    [InlineData(new[] { 0.95f, 0.95f }, 0)]
    [InlineData(new[] { 0.1f, 0.9f }, 1)]
    [InlineData(new[] { 0.1f, 0.8f }, -1)]
    public void Choose_SeveralVerified_TakesTheMostProbableThenTheMostSimilar(float[] probabilities, int expected)
    {
        Candidate[] candidates = [.. probabilities.Select((_, i) => Candidate(0.9f - (i * 0.1f)))];

        Candidate? chosen = Matcher.Choose(candidates, probabilities, bar: 0.9f);

        Assert.Equal(expected, chosen is null ? -1 : Array.IndexOf(candidates, chosen));
    }

    [Fact]
    public void Choose_WithoutAnAnswer_TakesNobodyEvenAtABarOfZero()
    {
        Candidate[] candidates = [Candidate(0.9f)];
        Assert.Null(Matcher.Choose(candidates, probabilities: null, bar: 0));
        Assert.Equal(MissReason.VerifierUnavailable, candidates[0].Reason);
    }

    [Theory]
    [InlineData(0.4f, MissReason.BelowThreshold)]
    [InlineData(0.5f, MissReason.None)]
    [InlineData(0.9f, MissReason.None)]
    [InlineData(float.NaN, MissReason.BelowThreshold)]
    public void Judge_Similarity_IsHeldToTheThreshold(float similarity, MissReason expected) =>
        Assert.Equal(expected, Matcher.Judge(Candidate(similarity), new MatchCriteria(default, null, 0.5, null)));

    [Theory]
    [InlineData(0.89f, true)]
    [InlineData(0.91f, false)]
    public void NeedsVerifier_CertainSimilarity_DoesNot(float similarity, bool expected)
    {
        var criteria = new MatchCriteria(default, null, 0.5, new Verification(Bar: 0.9, Certain: 0.9, Candidates: 4));
        Assert.Equal(expected, Matcher.NeedsVerifier(Candidate(similarity), criteria));
        Assert.False(Matcher.NeedsVerifier(Candidate(similarity), criteria with { Verification = null }));
    }

    [Fact]
    public void Closest_SomeWereVerified_IsTheMostProbableOfThem()
    {
        Candidate[] candidates =
        [
            new(new ScoredEntry(TestEntries.New(), 0.9f)) { Reason = MissReason.Guarded },
            new(new ScoredEntry(TestEntries.New(), 0.8f)) { Reason = MissReason.Unverified, Probability = 0.2 },
            new(new ScoredEntry(TestEntries.New(), 0.7f)) { Reason = MissReason.Unverified, Probability = 0.3 },
            new(new ScoredEntry(TestEntries.New(), 0.6f)) { Reason = MissReason.BelowThreshold },
        ];
        Assert.Same(candidates[2], Matcher.Closest(candidates));
        Assert.Same(candidates[0], Matcher.Closest(candidates.AsSpan(0, 1).ToArray()));
        Assert.Null(Matcher.Closest([]));
    }

    private static Candidate Candidate(float similarity) => new(new ScoredEntry(TestEntries.New(), similarity));
}
