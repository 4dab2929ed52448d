using SemCache.Cli.Output;
using SemCache.Core;

namespace SemCache.Cli.Evaluation.Running;

/// <summary>Makes lookups and stores for one setting, and turns the engine's answers into records.</summary>
/// <param name="cache">The engine.</param>
/// <param name="ns">The setting's namespace.</param>
/// <param name="policy">Decides what counts as a hit.</param>
internal sealed class Recorder(SemanticCache cache, string ns, Policy policy)
{
    /// <summary>Nearest entries to keep of each lookup: enough to see why it was decided as it was.</summary>
    private const int Reported = 5;

    private static readonly CachedResponse _response = CachedResponse.FromText("answer");
    private static readonly Dictionary<string, string> _noScope = [];

    public Task<LookupResult> LookUpAsync(
        Prompt prompt, CancellationToken cancellationToken, Dictionary<string, string>? scope = null) =>
        RefusedAsUsage(prompt, cache.LookupAsync(
            new LookupQuery
            {
                Namespace = ns,
                Prompt = prompt,
                Scope = scope ?? _noScope,
                Candidates = Reported,
                Explain = true,
            },
            cancellationToken));

    /// <summary>Stores an answer; returns the entry's id.</summary>
    public async Task<Guid> StoreAsync(
        Prompt prompt, CancellationToken cancellationToken, Dictionary<string, string>? scope = null,
        Guid? decisionId = null)
    {
        var stored = await RefusedAsUsage(prompt, cache.StoreAsync(
            new StoreCommand
            {
                Namespace = ns,
                Prompt = prompt,
                Scope = scope ?? _noScope,
                Response = _response,
                DecisionId = decisionId,
            },
            cancellationToken));
        return stored.EntryId
            ?? throw new InvalidOperationException($"The engine did not admit an answer: {stored.Message}");
    }

    /// <param name="asked">The prompt as people read it.</param>
    /// <param name="className">Its class as the data calls it.</param>
    /// <param name="possible">Whether a right answer was in the cache.</param>
    /// <param name="result">The engine's answer.</param>
    /// <param name="entry">The text of an entry and whether its answer is right here.</param>
    /// <param name="rightIfServed">Whether a miss is known to have missed a right answer.</param>
    public LookupRecord Record(
        string asked, string className, bool possible, LookupResult result, Func<Guid, (string Text, bool Right)> entry,
        bool rightIfServed = false)
    {
        ComparedEntry[] nearest = [.. result.Candidates.Select(candidate =>
        {
            var (text, right) = entry(candidate.EntryId);
            return new ComparedEntry(text, right, candidate);
        })];
        var served = IsHit(result) ? entry(result.Entry!.EntryId) : default((string Text, bool Right)?);
        return new LookupRecord(
            asked,
            className,
            served?.Text,
            served?.Right ?? rightIfServed,
            possible,
            served is null ? double.NaN : LookupRecord.ScoreOf(result),
            result.Outcome,
            result.MissReason,
            result.Outcome == LookupOutcome.Miss ? result.NearestSimilarity : result.Similarity,
            result.Probability,
            nearest);
    }

    public bool IsHit(LookupResult result) => policy == Policy.Exact
        ? result.Outcome == LookupOutcome.ExactHit
        : result.Outcome != LookupOutcome.Miss;

    private static async Task<T> RefusedAsUsage<T>(Prompt prompt, Task<T> request)
    {
        try
        {
            return await request;
        }
        catch (InvalidRequestException e)
        {
            var text = prompt.Text ?? prompt.Messages![^1].Content;
            throw new UsageException($"The engine refuses the prompt '{ServerText.OneLine(text, 60)}': {e.Message}");
        }
    }
}
