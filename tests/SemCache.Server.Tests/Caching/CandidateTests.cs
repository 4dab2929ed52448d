using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Caching;

/// <summary>What a lookup tells of the entries that it compared.</summary>
public sealed class CandidateTests(SharedServer shared) : ServerTest(shared)
{
    private const string Question = "What is the capital of France?";
    private const string Paraphrase = "What's the capital of France";

    [Fact]
    public async Task Lookup_WithCandidates_ListsTheNearestBestFirst()
    {
        string[] ids = await StoreSevenAsync();
        LookupRequest request = Ask.Lookup(Namespace, Paraphrase);
        request.Candidates = 3;

        LookupResponse hit = await Cache.LookupAsync(request);

        Assert.Equal(3, hit.Candidates.Count);
        Assert.Equal(ids[0], hit.Candidates[0].EntryId);
        Assert.Equal(hit.Similarity, hit.Candidates[0].Similarity);
        Assert.Equal(hit.Candidates.OrderByDescending(candidate => candidate.Similarity), hit.Candidates);
        Assert.All(hit.Candidates, candidate => Assert.Contains(candidate.EntryId, ids));
        Assert.All(hit.Candidates, candidate => Assert.Null(candidate.Prompt));
        Assert.Equal(3, hit.Candidates.DistinctBy(candidate => candidate.EntryId).Count());
    }

    [Fact]
    public async Task Lookup_WithExplain_TellsOfEachCandidateWhatDecidedIt()
    {
        string[] ids = await StoreSevenAsync();
        LookupRequest request = Ask.Lookup(Namespace, Paraphrase);
        request.Explain = true;

        LookupResponse hit = await Cache.LookupAsync(request);

        Assert.Equal(5, hit.Candidates.Count);
        Assert.True(hit.Candidates[0].Served);
        Assert.Equal(Question, hit.Candidates[0].Prompt.Text);
        Assert.Equal(MissReason.Unspecified, hit.Candidates[0].RejectedBecause);
        Assert.All(hit.Candidates.Skip(1), candidate => Assert.False(candidate.Served));
        Assert.All(hit.Candidates.Skip(1), candidate => Assert.NotEmpty(candidate.Prompt.Text));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task Lookup_WithExplainOnAMiss_TellsThatAllAreBelowTheThreshold()
    {
        await StoreSevenAsync();
        LookupRequest request = Ask.Lookup(Namespace, "How do I boil an egg?");
        request.Explain = true;
        request.Candidates = 100;

        LookupResponse miss = await Cache.LookupAsync(request);

        Assert.Equal(Outcome.Miss, miss.Outcome);
        Assert.Equal(7, miss.Candidates.Count);
        Assert.Equal(miss.NearestSimilarity, miss.Candidates[0].Similarity);
        Assert.All(miss.Candidates, candidate => Assert.Equal(MissReason.BelowThreshold, candidate.RejectedBecause));
        Assert.All(miss.Candidates, candidate => Assert.False(candidate.Served));
    }

    [Fact]
    public async Task Lookup_ThatHitsExactly_ListsTheEntryServed()
    {
        string[] ids = await StoreSevenAsync();
        LookupRequest request = Ask.Lookup(Namespace, Question);
        request.Explain = true;

        LookupResponse hit = await Cache.LookupAsync(request);

        Candidate served = Assert.Single(hit.Candidates);
        Assert.Equal(ids[0], served.EntryId);
        Assert.True(served.Served);
        Assert.Equal(1, served.Similarity);
        Assert.Equal(Question, served.Prompt.Text);
    }

    [Fact]
    public async Task Lookup_WhenTheNearestIsTooOld_ServesTheNextThatIsNot()
    {
        string old = (await Cache.StoreAsync(Ask.Store(Namespace, Question, "old"))).EntryId;
        await Task.Delay(TimeSpan.FromMilliseconds(1600));
        string fresh = (await Cache.StoreAsync(Ask.Store(Namespace, "What is the capital of france", "fresh"))).EntryId;
        LookupRequest request = Ask.Lookup(Namespace, "What is the capital of France ?");
        request.MaxAge = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1500));
        request.Explain = true;

        LookupResponse hit = await Cache.LookupAsync(request);

        Assert.Equal(Outcome.SemanticHit, hit.Outcome);
        Assert.Equal(fresh, hit.EntryId);
        Assert.Equal(MissReason.TooOld, Assert.Single(hit.Candidates, c => c.EntryId == old).RejectedBecause);
    }

    private async Task<string[]> StoreSevenAsync()
    {
        string[] prompts =
        [
            Question, "What is the capital of Norway?", "Name the largest city of France", "How tall is Mont Blanc?",
            "Who wrote Les Miserables?", "Translate good morning into French", "Which rivers flow through Paris?",
        ];
        var ids = new string[prompts.Length];
        for (int i = 0; i < prompts.Length; i++)
        {
            ids[i] = (await Cache.StoreAsync(Ask.Store(Namespace, prompts[i], $"answer {i}"))).EntryId;
        }

        return ids;
    }
}
