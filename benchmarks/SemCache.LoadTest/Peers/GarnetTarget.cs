using SemCache.LoadTest.Targets;
using StackExchange.Redis;

namespace SemCache.LoadTest.Peers;

/// <summary>Questions to a Garnet server through StackExchange.Redis.</summary>
/// <param name="name">What the figures are called by.</param>
/// <param name="questions">What is asked.</param>
/// <param name="ask">Asks: who calls, what, and what ends the run.</param>
internal sealed class GarnetTarget(
    string name, IReadOnlyList<Question> questions, Func<int, string, CancellationToken, Task<string?>> ask) : ITarget
{
    public string Name { get; } = name;

    public async Task<CallOutcome> CallAsync(int lane, Random random, CancellationToken cancellation)
    {
        Question question = questions[random.Next(questions.Count)];
        try
        {
            return CallOutcome.Answered(question.Check(await ask(lane, question.Text, cancellation)));
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return CallOutcome.Failed(failure.GetType().Name, failure.Message);
        }
    }
}
