using System.Runtime.CompilerServices;
using SemCache.Core;

namespace SemCache.Cli.Demo;

/// <summary>Asks the cache one question after the other and stores the model's answer after each miss.</summary>
internal static class DemoRun
{
    public static async IAsyncEnumerable<DemoStep> AskAsync(
        SemanticCache cache, IEnumerable<SamplePrompt> questions, TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var storedClasses = new HashSet<string>();
        foreach (var question in questions)
        {
            var query = new LookupQuery { Prompt = Prompt.FromText(question.Prompt), Scope = ScopeOf(question) };
            var started = time.GetTimestamp();
            var found = await cache.LookupAsync(query, cancellationToken);
            var step = new DemoStep(
                question, found, storedClasses.Contains(question.Class), time.GetElapsedTime(started));
            if (!step.IsHit)
            {
                await cache.StoreAsync(ToStore(question, found.DecisionId), cancellationToken);
                storedClasses.Add(question.Class);
            }

            yield return step;
        }
    }

    private static Dictionary<string, string> ScopeOf(SamplePrompt question) => new() { ["model"] = question.Model };

    private static StoreCommand ToStore(SamplePrompt question, Guid decisionId) => new()
    {
        Prompt = Prompt.FromText(question.Prompt),
        Scope = ScopeOf(question),
        Response = CachedResponse.FromText(question.Response),
        Usage = new Usage(
            question.Model, question.PromptTokens, question.CompletionTokens, question.Cost,
            TimeSpan.FromMilliseconds(question.LatencyMs), FinishReason: "stop"),
        Tags = [question.Class],
        DecisionId = decisionId,
    };
}
