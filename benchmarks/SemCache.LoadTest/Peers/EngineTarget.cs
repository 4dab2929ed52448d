using SemCache.Core;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Peers;

/// <summary>Lookups in the engine of this process.</summary>
/// <param name="name">What the figures are called by.</param>
/// <param name="cache">The engine.</param>
/// <param name="questions">What is asked.</param>
/// <param name="expected">How every lookup ends.</param>
internal sealed class EngineTarget(
    string name, SemanticCache cache, IReadOnlyList<Question> questions, LookupOutcome expected) : ITarget
{
    public string Name { get; } = name;

    public async Task<CallOutcome> CallAsync(int lane, Random random, CancellationToken cancellation)
    {
        Question question = questions[random.Next(questions.Count)];
        try
        {
            LookupResult result = await cache.LookupAsync(
                new LookupQuery { Prompt = Prompt.FromText(question.Text) }, cancellation);
            return result.MissReason == MissReason.VerifierUnavailable
                ? CallOutcome.Failed($"{result.MissReason}", "a miss")
                : CallOutcome.Answered(
                    result.Outcome == expected ? question.Check(result.Entry?.Response.Text) : $"{result.Outcome}");
        }
        catch (Exception refused) when (refused is LimitReachedException or CacheUnavailableException)
        {
            return CallOutcome.Failed(refused.GetType().Name, refused.Message);
        }
    }
}
